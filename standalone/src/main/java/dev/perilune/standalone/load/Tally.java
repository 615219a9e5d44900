package dev.perilune.standalone.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What came back while it was measured; for use on one event loop. */
final class Tally {
  private static final int SIGNIFICANT_DIGITS = 3;

  final Histogram ackMicros = new Histogram(SIGNIFICANT_DIGITS);
  final Histogram visibleMicros = new Histogram(SIGNIFICANT_DIGITS);

  /** Answers other than 200, by status; 0 stands for no answer. */
  final Map<Integer, Long> failedRequests = new TreeMap<>();

  /** Events or spans. */
  long acknowledgedItems;

  long refusedItems;

  /** Samples that were not visible in time, or not taken because too many were waited for. */
  long lostSamples;

  /** Reads that the instance's own limit turned away. */
  long limitedReads;

  void answered(int taken, int sent, long tookNanos) {
    acknowledgedItems += taken;
    refusedItems += sent - taken;
    ackMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(tookNanos));
  }

  void failed(int status) {
    failedRequests.merge(status, 1L, Long::sum);
  }

  void seen(long tookNanos) {
    visibleMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(tookNanos));
  }
}
