package dev.perilune.standalone.load;

import dev.perilune.standalone.load.Instance.Answer;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What came back while it was measured; for use on one event loop. */
final class Tally {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final byte[] TAKEN = "\"success\":true".getBytes(StandardCharsets.ISO_8859_1);

  final Histogram ackMicros = new Histogram(SIGNIFICANT_DIGITS);
  final Histogram visibleMicros = new Histogram(SIGNIFICANT_DIGITS);

  /** Answers other than 200, by status; 0 stands for no answer. */
  final Map<Integer, Long> failedRequests = new TreeMap<>();

  long acknowledgedEvents;
  long refusedEvents;

  /** Samples that were not visible in time, or not taken because too many were waited for. */
  long lostSamples;

  /** Reads that the instance's own limit turned away. */
  long limitedReads;

  void answered(int takenEvents, int sentEvents, long tookNanos) {
    acknowledgedEvents += takenEvents;
    refusedEvents += sentEvents - takenEvents;
    ackMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(tookNanos));
  }

  void failed(int status) {
    failedRequests.merge(status, 1L, Long::sum);
  }

  void seen(long tookNanos) {
    visibleMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(tookNanos));
  }

  /** How many events of a request the answer says were taken. */
  static int taken(Answer answer) {
    Buffer body = answer.body();
    int count = 0;
    int at = 0;
    for (int i = 0; i < body.length(); i++) {
      byte next = body.getByte(i);
      at = next == TAKEN[at] ? at + 1 : next == TAKEN[0] ? 1 : 0;
      if (at == TAKEN.length) {
        count++;
        at = 0;
      }
    }
    return count;
  }
}
