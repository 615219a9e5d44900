package dev.perilune.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Orders what events say about the same thing: by event time, then by the place in the request that
 * brought them, then by a hash of their content. Arrival never decides.
 *
 * @param atMicros event time in microseconds since 1970
 * @param position place of the event in its request, in time order
 * @param tie hash of the event; equal for a repeated delivery
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"atMicros", "position", "tie"})
public record Stamp(long atMicros, int position, long tie) implements Comparable<Stamp> {
  private static final Comparator<Stamp> ORDER =
      Comparator.comparingLong(Stamp::atMicros)
          .thenComparingInt(Stamp::position)
          .thenComparingLong(Stamp::tie);

  @Override
  public int compareTo(Stamp other) {
    return ORDER.compare(this, other);
  }

  /** Whether this is later than the other; anything is later than nothing. */
  public boolean isAfter(@Nullable Stamp other) {
    return other == null || compareTo(other) > 0;
  }

  /** Whether this is earlier than the other; anything is earlier than nothing. */
  public boolean isBefore(@Nullable Stamp other) {
    return other == null || compareTo(other) < 0;
  }
}
