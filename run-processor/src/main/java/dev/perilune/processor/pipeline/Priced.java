package dev.perilune.processor.pipeline;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Token counts and cost of a run, and whether they must be worked out again. */
final class Priced {
  @Nullable Integer promptTokens;
  @Nullable Integer completionTokens;
  int cachedPromptTokens;
  int counted;
  @Nullable BigDecimal costUsd;
  @Nullable UUID priceId;
  boolean stale;
}
