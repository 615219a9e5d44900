package dev.perilune.query.runs;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a picture of a trace needs to know of one run.
 *
 * @param depth generations below the run that was asked for
 * @param parentRunId the run that the declared parent id stands for, or that id itself
 * @param duration as Postgres words an interval
 * @param costUsd a decimal number without exponent
 */
record TraceNode(
    int depth,
    UUID id,
    @Nullable UUID parentRunId,
    String type,
    @Nullable String name,
    @Nullable String status,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime endedAt,
    @Nullable String duration,
    RunRow.Tokens tokens,
    @Nullable String costUsd) {

  /** Only calls of models count: what others report is often the sum of the calls below them. */
  private static final Set<String> MODEL_CALLS = Set.of("llm", "embed");

  /** What this run adds to the sums of those above it. */
  TraceSums ownSums() {
    return MODEL_CALLS.contains(type)
        ? new TraceSums(
            1,
            tokens.prompt() == null ? 0 : tokens.prompt(),
            tokens.cachedPrompt(),
            tokens.completion() == null ? 0 : tokens.completion(),
            costUsd == null ? null : new BigDecimal(costUsd))
        : new TraceSums(1, 0, 0, 0, null);
  }
}
