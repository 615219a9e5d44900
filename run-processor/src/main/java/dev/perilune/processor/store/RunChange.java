package dev.perilune.processor.store;

import dev.perilune.model.RunKey;
import org.jspecify.annotations.Nullable;

/**
 * A run to write.
 *
 * @param stored its row as it is now; {@code null} for a new run
 * @param fold how it came to be so, for the next merge
 */
public record RunChange(
    @Nullable StoredRun stored, RunRow row, Payload payload, @Nullable String fold) {

  /** The primary key of a row. */
  public record Place(RunKey key, long createdAtMicros) {}
}
