package dev.perilune.processor.store;

import org.jspecify.annotations.Nullable;

/** A run as it is stored, without its payload; {@code fold} tells how it came to be so. */
public record StoredRun(RunRow row, @Nullable String fold) {

  /** Where the row is. */
  public RunChange.Place place() {
    return new RunChange.Place(row.key(), row.createdAtMicros());
  }
}
