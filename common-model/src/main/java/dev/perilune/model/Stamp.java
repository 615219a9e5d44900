package dev.perilune.model;

import java.util.Comparator;

/**
 * Orders what events say about the same thing: by event time, then by the place in the request that
 * brought them, then by a hash of their content. Arrival never decides.
 *
 * @param atMicros event time in microseconds since 1970
 * @param position place of the event in its request, in time order
 * @param tie hash of the event; equal for a repeated delivery
 */
public record Stamp(long atMicros, int position, long tie) implements Comparable<Stamp> {
  private static final Comparator<Stamp> ORDER =
      Comparator.comparingLong(Stamp::atMicros)
          .thenComparingInt(Stamp::position)
          .thenComparingLong(Stamp::tie);

  @Override
  public int compareTo(Stamp other) {
    return ORDER.compare(this, other);
  }
}
