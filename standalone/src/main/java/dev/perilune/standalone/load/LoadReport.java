package dev.perilune.standalone.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The figures of one measurement.
 *
 * @param itemsPerSecond events or spans that were acknowledged
 * @param visibleRunsPerSecond that became readable, from the first measured request until all were
 * @param ack from the time a request was due to its answer
 * @param visible from the time a request was due until its runs could be read
 * @param failedRequests by status, 0 for no answer
 * @param unsentRuns due by the clock, but every connection was busy
 * @param missingRuns acknowledged and not to be read; negative when there are more than were sent
 * @param generatorCpu share of the whole machine, 0 to 1
 */
record LoadReport(
    LoadPlan plan,
    double itemsPerSecond,
    double runsPerSecond,
    double visibleRunsPerSecond,
    Latency ack,
    Latency visible,
    long refusedItems,
    Map<Integer, Long> failedRequests,
    long unsentRuns,
    long missingRuns,
    long lostSamples,
    long limitedReads,
    double generatorCpu) {

  private static final String LIMITED =
      "Reading samples met the rate limit, so visible times are too long: start the instance with"
          + " PERILUNE_RATE_LIMIT=0.\n";

  /** Milliseconds; 0 where nothing was measured. */
  record Latency(double p50, double p99, double max, long samples) {
    static Latency of(Histogram micros) {
      return new Latency(
          micros.getValueAtPercentile(50) / 1000.0,
          micros.getValueAtPercentile(99) / 1000.0,
          micros.getMaxValue() / 1000.0,
          micros.getTotalCount());
    }

    String text() {
      return String.format(
          Locale.ROOT, "p50 %.1f   p99 %.1f   max %.1f   of %d", p50, p99, max, samples);
    }

    ObjectNode json(JsonMapper mapper) {
      return mapper
          .createObjectNode()
          .put("p50", p50)
          .put("p99", p99)
          .put("max", max)
          .put("samples", samples);
    }
  }

  /** Whether everything that was due was taken and can be read. */
  boolean isClean() {
    return refusedItems == 0 && failedRequests.isEmpty() && unsentRuns == 0 && missingRuns == 0;
  }

  /** For people. */
  String table() {
    String layout =
        """
        %-6s acknowledged/s  %,12.0f
        runs acknowledged/s    %,12.0f
        runs visible/s         %,12.0f
        acknowledged after ms  %s
        visible after ms       %s
        %-6s refused         %,12d
        requests failed        %12s
        runs not sent in time  %,12d
        runs missing           %,12d
        samples lost           %,12d
        generator CPU          %11.0f%% of the machine
        %s""";
    return String.format(
        Locale.ROOT,
        layout,
        plan.door().items(),
        itemsPerSecond,
        runsPerSecond,
        visibleRunsPerSecond,
        ack.text(),
        visible.text(),
        plan.door().items(),
        refusedItems,
        failedRequests.isEmpty() ? "0" : failedRequests,
        unsentRuns,
        missingRuns,
        lostSamples,
        generatorCpu * 100,
        limitedReads == 0 ? "" : LIMITED);
  }

  /** For programs. */
  ObjectNode json() {
    JsonMapper mapper = new JsonMapper();
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("rate", plan.runsPerSecond())
            .put("seconds", plan.measured().toSeconds())
            .put("batch", plan.itemsPerRequest())
            .put("connections", plan.connections())
            .put("inputBytes", plan.inputBytes())
            .put("outputBytes", plan.outputBytes())
            .put(plan.door().items() + "PerSecond", itemsPerSecond)
            .put("runsPerSecond", runsPerSecond)
            .put("visibleRunsPerSecond", visibleRunsPerSecond);
    json.set("ackMillis", ack.json(mapper));
    json.set("visibleMillis", visible.json(mapper));
    json.set("failedRequests", mapper.valueToTree(failedRequests));
    return json.put(plan.door().refused(), refusedItems)
        .put("unsentRuns", unsentRuns)
        .put("missingRuns", missingRuns)
        .put("lostSamples", lostSamples)
        .put("limitedReads", limitedReads)
        .put("generatorCpu", generatorCpu);
  }
}
