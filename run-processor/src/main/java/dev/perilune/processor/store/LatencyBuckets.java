package dev.perilune.processor.store;

import java.util.Arrays;

/**
 * The latency buckets of the figures, as the table {@code latency_bucket} has them: each at most 2
 * % wide, from a millisecond to 11.6 days; bucket 0 is everything below.
 */
final class LatencyBuckets {
  private static final long FIRST_MICROS = 1_000;
  private static final long LAST_MICROS = 1_000_000_000_000L;
  private static final int PARTS = 50;
  private static final long[] BOUNDS = bounds();

  private LatencyBuckets() {}

  /** Returns the bucket of a duration in microseconds. */
  static int of(long micros) {
    int at = Arrays.binarySearch(BOUNDS, micros);
    return at >= 0 ? at + 1 : -at - 1;
  }

  /** Where the buckets 1, 2, … begin, in microseconds. */
  static long[] bounds() {
    long[] bounds = new long[2_000];
    int count = 0;
    for (long bound = FIRST_MICROS; bound <= LAST_MICROS; bound += bound / PARTS) {
      bounds[count++] = bound;
    }
    return Arrays.copyOf(bounds, count);
  }
}
