package dev.perilune.query.analytics;

import java.math.BigDecimal;

/** How many durations lie in each bucket of {@code latency_bucket}. */
final class Histogram {

  private static final int PLACES = 12;

  private final long[] counts;
  private final Long[] middleMicros;
  private long total;

  /**
   * @param middleMicros what a duration of each bucket is taken for
   */
  Histogram(Long[] middleMicros) {
    this.middleMicros = middleMicros;
    this.counts = new long[middleMicros.length];
  }

  /**
   * Adds all that a rollup keeps in one number: the count of bucket b stands in its decimal places
   * 12 b to 12 b + 11.
   *
   * @param digits the number, without sign, point or leading zeros
   */
  void add(String digits) {
    for (int bucket = 0; PLACES * bucket < digits.length(); bucket++) {
      int end = digits.length() - PLACES * bucket;
      add(bucket, Long.parseLong(digits, Math.max(0, end - PLACES), end, 10));
    }
  }

  void add(int bucket, long durations) {
    counts[bucket] += durations;
    total += durations;
  }

  /**
   * Microseconds below which that share of the durations lie, between the closest ranks as {@code
   * percentile_cont} does it.
   *
   * @param share from 0 to 1
   */
  BigDecimal percentile(BigDecimal share) {
    BigDecimal rank = share.multiply(BigDecimal.valueOf(total - 1));
    long below = rank.longValue();
    BigDecimal part = rank.subtract(BigDecimal.valueOf(below));
    long low = at(below);
    long high = part.signum() == 0 ? low : at(below + 1);
    return BigDecimal.valueOf(low).add(part.multiply(BigDecimal.valueOf(high - low)));
  }

  private long at(long rank) {
    long passed = 0;
    int bucket = 0;
    while (passed + counts[bucket] <= rank) {
      passed += counts[bucket++];
    }
    return middleMicros[bucket];
  }
}
