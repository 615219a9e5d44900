package dev.perilune.ingest.redact;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import dev.perilune.model.RunKey;
import dev.perilune.model.wire.IncomingEvent;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs whose start this gateway has hidden, so that their end is hidden too, although it rarely
 * says by itself why. A memory, not a promise: what an end that comes through another gateway says
 * is hidden by the processor.
 */
final class HiddenRuns {
  private static final int MOST = 100_000;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final Cache<RunKey, Boolean> runs =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();

  void add(ProjectId project, IncomingEvent event) {
    RunKey key = key(project, event);
    if (key != null) {
      runs.put(key, true);
    }
  }

  boolean has(ProjectId project, IncomingEvent event) {
    RunKey key = key(project, event);
    return key != null && runs.getIfPresent(key) != null;
  }

  private static @Nullable RunKey key(ProjectId project, IncomingEvent event) {
    UUID run = RunIds.derive(event.runId());
    return run == null ? null : new RunKey(project, run);
  }
}
