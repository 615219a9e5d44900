package dev.perilune.processor.pipeline;

import java.time.Duration;

/**
 * Where runs are looked for first: around the times of a batch's events. A run seldom lasts longer
 * than a week, and seldom starts after what is said of it.
 */
final class Neighbourhood {
  private static final long BEFORE_MICROS = Duration.ofDays(8).toNanos() / 1000;
  private static final long AFTER_MICROS = Duration.ofDays(1).toNanos() / 1000;

  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  void add(long atMicros) {
    first = Math.min(first, atMicros);
    last = Math.max(last, atMicros);
  }

  boolean isEmpty() {
    return first > last;
  }

  /** The first microsecond to look at. */
  long from() {
    return first - BEFORE_MICROS;
  }

  /** The microsecond to stop before. */
  long to() {
    return last + AFTER_MICROS;
  }
}
