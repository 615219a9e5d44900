package dev.perilune.query.analytics.time;

import java.time.Instant;

/**
 * A half-open stretch of time.
 *
 * @param from the first instant that belongs to it
 * @param to the first that does not any more; not after {@code from} = nothing belongs to it
 */
public record Window(Instant from, Instant to) {

  /** All the time that a run can have started at. */
  public static final Window EVER =
      new Window(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T00:00:00Z"));

  /** The part of this window that lies before that instant. */
  Window before(Instant end) {
    return end.isBefore(to) ? new Window(from, end) : this;
  }
}
