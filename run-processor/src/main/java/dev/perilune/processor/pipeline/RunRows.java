package dev.perilune.processor.pipeline;

import dev.perilune.model.SpanNames;
import dev.perilune.model.wire.Metadata;
import dev.perilune.processor.store.LinkSql;
import dev.perilune.processor.store.RunChange;
import dev.perilune.processor.store.RunRow;
import dev.perilune.processor.store.StoredRun;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Between runs as they are merged and rows as they are stored. */
final class RunRows {
  private RunRows() {}

  static RunState load(StoredRun run) {
    RunRow row = run.row();
    RunState state = new RunState(row.key(), RunFold.parse(run.fold()), run);
    state.createdAtMicros = row.createdAtMicros();
    state.endedAtMicros = row.endedAtMicros();
    state.type = row.type();
    state.name = row.name();
    state.status = row.status();
    state.templateVersionId = row.templateVersionId();
    state.runtime = row.runtime();
    state.labels.tags = row.tags();
    state.labels.metadata = row.metadata();
    state.feedback = row.feedback();
    Long late = state.fold.lateUser == null ? null : Long.valueOf(state.fold.lateUser.text());
    boolean isLate =
        !state.fold.spanUser && row.ownUserId() != null && row.ownUserId().equals(late);
    state.startUserId = isLate ? null : row.ownUserId();
    state.links.parentId = row.parentId();
    state.links.parentType = row.parentType();
    state.links.siblingId = row.siblingId();
    state.links.userId = row.userId();
    state.links.agent = row.agent();
    state.links.trace = row.traceId() != null ? row.traceId() : notedTrace(row.metadata());
    state.showToChildren();
    state.priced.promptTokens = row.promptTokens();
    state.priced.completionTokens = row.completionTokens();
    state.priced.cachedPromptTokens = row.cachedPromptTokens();
    state.priced.counted = row.counted();
    state.priced.costUsd = row.costUsd();
    state.priced.priceId = row.priceId();
    // what waits has no price yet
    state.priced.stale = row.isWaiting();
    return state;
  }

  static RunChange change(RunState state) {
    RunFold fold = state.fold;
    boolean started = fold.start != null || fold.threadFirst != null || fold.exchange;
    if (state.exists()) {
      fold.suppliedFirst = null;
    }
    if (fold.start != null) {
      // once the start is known, what ends say about name, type and user only repeats it
      fold.endType = null;
      fold.first = null;
    }
    if (fold.start != null && fold.spanEnd == 0) {
      // of a span another copy may come, which says less
      fold.endName =
          fold.endName != null && fold.endName.text().equals(state.name) ? null : fold.endName;
      boolean repeatsUser =
          fold.lateUser != null
              && state.startUserId != null
              && fold.lateUser.text().equals(state.startUserId.toString());
      fold.lateUser = repeatsUser ? null : fold.lateUser;
    }
    RunRow row =
        new RunRow(
            state.key,
            state.createdAtMicros,
            state.endedAtMicros,
            state.type,
            state.name,
            state.status,
            state.links.parentId,
            state.links.parentType,
            state.links.siblingId,
            state.links.userId,
            state.ownUserId(),
            state.templateVersionId,
            state.priced.promptTokens,
            state.priced.completionTokens,
            state.priced.cachedPromptTokens,
            state.priced.counted,
            state.priced.costUsd,
            state.priced.priceId,
            state.labels.tags,
            state.labels.metadata,
            state.feedback,
            state.runtime,
            state.links.agent,
            started,
            state.isWaiting() || !state.isNew() && state.stored.row().deleted(),
            state.links.trace);
    return new RunChange(state.stored, row, state.payload, fold.json());
  }

  /** Where the trace had no place of its own when a row was written, its metadata tells. */
  private static @Nullable UUID notedTrace(@Nullable String metadata) {
    return metadata == null || !metadata.contains(LinkSql.TRACE_NOTE)
        ? null
        : SpanNames.traceId(Metadata.text(Metadata.fields(metadata).get(LinkSql.TRACE_NOTE)));
  }
}
