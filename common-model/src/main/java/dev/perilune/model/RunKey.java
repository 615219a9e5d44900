package dev.perilune.model;

import java.util.Comparator;
import java.util.UUID;

/** A run's full name: the same client-chosen id in two projects is two runs. */
public record RunKey(ProjectId project, UUID id) implements Comparable<RunKey> {
  private static final Comparator<RunKey> ORDER =
      Comparator.<RunKey, UUID>comparing(key -> key.project.value()).thenComparing(RunKey::id);

  /** The order in which rows are locked, everywhere. */
  @Override
  public int compareTo(RunKey other) {
    return ORDER.compare(this, other);
  }
}
