package dev.perilune.model;

import java.util.UUID;

/**
 * A run's full name: the same client-chosen id in two projects is two runs.
 *
 * <p>Keys compare as the database compares UUIDs, byte by byte without sign, so that rows are
 * locked in one order whoever sorts.
 */
public record RunKey(ProjectId project, UUID id) implements Comparable<RunKey> {

  @Override
  public int compareTo(RunKey other) {
    int byProject = compare(project.value(), other.project.value());
    return byProject != 0 ? byProject : compare(id, other.id);
  }

  // java.util.UUID compares its halves as signed numbers
  private static int compare(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
