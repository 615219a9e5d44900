package dev.perilune.query.filter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a filter can ask of a run that is not read from the database. */
public record RunFacts(
    String type,
    @Nullable UUID parentRunId,
    @Nullable String parentType,
    @Nullable String name,
    @Nullable String status,
    @Nullable Instant createdAt,
    @Nullable Instant endedAt,
    @Nullable Long userId,
    @Nullable Long promptTokens,
    @Nullable Long completionTokens,
    @Nullable BigDecimal costUsd,
    List<String> tags) {

  public RunFacts {
    tags = List.copyOf(tags);
  }

  /** A run of which nothing else is known. */
  public static RunFacts ofType(
      String type, @Nullable UUID parentRunId, @Nullable String parentType) {
    return new RunFacts(
        type, parentRunId, parentType, null, null, null, null, null, null, null, null, List.of());
  }

  /** How long it took; null while that is unknown. */
  @Nullable BigDecimal durationSeconds() {
    return createdAt == null || endedAt == null
        ? null
        : BigDecimal.valueOf(Duration.between(createdAt, endedAt).toNanos(), 9);
  }
}
