package dev.perilune.processor.store;

import dev.perilune.model.RunKey;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The narrow row of a run. Times are microseconds since 1970, cost is USD, metadata and feedback
 * are JSON texts of objects.
 *
 * @param counted which token counts were counted here: 1 = prompt, 2 = completion, 3 = both
 * @param agent name of the top-level agent or chain that it is or stands below, as figures name it
 * @param deleted whether lists and figures leave it out: because somebody deleted it, which events
 *     never change, or because none of its own events has come
 * @param traceId OpenTelemetry's, of the span that the run is
 */
public record RunRow(
    RunKey key,
    long createdAtMicros,
    @Nullable Long endedAtMicros,
    String type,
    @Nullable String name,
    @Nullable String status,
    @Nullable UUID parentId,
    @Nullable String parentType,
    @Nullable UUID siblingId,
    @Nullable Long userId,
    @Nullable Long ownUserId,
    @Nullable Integer templateVersionId,
    @Nullable Integer promptTokens,
    @Nullable Integer completionTokens,
    int cachedPromptTokens,
    int counted,
    @Nullable BigDecimal costUsd,
    @Nullable UUID priceId,
    @Nullable List<String> tags,
    @Nullable String metadata,
    @Nullable String feedback,
    @Nullable String runtime,
    @Nullable String agent,
    boolean started,
    boolean deleted,
    @Nullable UUID traceId) {

  /** Whether it is only what others saw of a run that has not come: readers don't see it. */
  public boolean isWaiting() {
    return deleted && !started;
  }

  /** The parent that it declares, there or not. */
  @Nullable RunKey parentKey() {
    return parentId == null ? null : new RunKey(key.project(), parentId);
  }
}
