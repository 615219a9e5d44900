package dev.perilune.benchmarks.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.benchmarks.bench.Lab.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From HTTP to visible, everything on this machine: as fast as it goes, by the clock, in a burst.
 */
final class PipelineScenario implements Scenario {
  private static final int TARGET_RATE = 10_000;
  private static final int BURST_SECONDS = 10;

  /** The target is for a minute. */
  private static final int SUSTAINED_SECONDS = 60;

  private static final Duration INDEX_LIMIT = Duration.ofMinutes(5);

  /** So many wait at any time while runs come in. */
  private static final int FEW_RUNS = 20_000;

  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    try (Lab lab = Lab.empty(bench.lab(12))) {
      Service standalone = lab.start("standalone");
      int seconds = (int) bench.seconds().toSeconds();
      // the first minute pays for compiling and for what Postgres does not know of its tables yet
      bench.tell("the target rate");
      sustained(bench, load(lab, standalone, TARGET_RATE, Math.max(SUSTAINED_SECONDS, seconds)));
      awaitIndex(bench, standalone);
      bench.tell("half the target rate");
      byTheClock(bench, "5,000 runs/s", load(lab, standalone, TARGET_RATE / 2, seconds));
      bench.tell("a tenth of the target rate");
      byTheClock(bench, "1,000 runs/s", load(lab, standalone, TARGET_RATE / 10, seconds));
      bench.tell("burst of ten times that");
      burst(bench, load(lab, standalone, TARGET_RATE, BURST_SECONDS));
      awaitIndex(bench, standalone);
      bench.tell("closed loop");
      closedLoop(bench, load(lab, standalone, 0, seconds));
      bench.add(
          Figure.of(
              "standalone under load", "memory", standalone.process().residentBytes() / 1e6, "MB"));
    }
  }

  /** Indexing for search gives way to what comes in, and catches up afterwards. */
  private static void awaitIndex(Bench bench, Service standalone) throws Exception {
    HttpRequest search =
        HttpRequest.newBuilder(URI.create(standalone.url() + "/v1/runs?limit=1&search=nowhere"))
            .header("Authorization", "Bearer " + Lab.PRIVATE_KEY)
            .build();
    HttpClient client = HttpClient.newHttpClient();
    long begun = System.nanoTime();
    Wait.until(
        "search index has caught up",
        INDEX_LIMIT,
        () -> {
          String answer = client.send(search, BodyHandlers.ofString()).body();
          return JSON.readTree(answer).at("/search/waiting").asLong(Long.MAX_VALUE) < FEW_RUNS
              ? Optional.of(true)
              : Optional.empty();
        });
    double seconds = (System.nanoTime() - begun) / 1e9;
    bench.add(Figure.of("search index after an overload", "caught up after", seconds, "s"));
  }

  private static void closedLoop(Bench bench, JsonNode report) {
    String scenario = "closed loop, batches of 100";
    bench.add(
        Figure.of(scenario, "runs acknowledged", report.get("runsPerSecond").asDouble(), "runs/s"));
    bench.add(
        Figure.of(scenario, "runs visible", report.get("visibleRunsPerSecond").asDouble(), "runs/s")
            .target(">= 10,000"));
    checks(bench, scenario, report);
  }

  private static void sustained(Bench bench, JsonNode report) {
    String scenario = "by the clock, 10,000 runs/s, a minute";
    bench.add(
        Figure.of(scenario, "runs visible", report.get("visibleRunsPerSecond").asDouble(), "runs/s")
            .target(">= 10,000"));
    bench.add(Figure.of(scenario, "acknowledged p99", millis(report, "ackMillis", "p99"), "ms"));
    checks(bench, scenario, report);
  }

  private static void byTheClock(Bench bench, String rate, JsonNode report) {
    String scenario = "by the clock, " + rate;
    times(bench, scenario, report);
    checks(bench, scenario, report);
  }

  static void times(Bench bench, String scenario, JsonNode report) {
    bench.add(
        Figure.of(scenario, "acknowledged p99", millis(report, "ackMillis", "p99"), "ms")
            .target("< 20 ms"));
    bench.add(Figure.of(scenario, "visible p50", millis(report, "visibleMillis", "p50"), "ms"));
    bench.add(
        Figure.of(scenario, "visible p99", millis(report, "visibleMillis", "p99"), "ms")
            .target("< 1 s"));
  }

  private static void burst(Bench bench, JsonNode report) {
    String scenario = "burst, 10 s of 10,000 runs/s";
    bench.add(Figure.of(scenario, "acknowledged p99", millis(report, "ackMillis", "p99"), "ms"));
    bench.add(
        Figure.of(scenario, "last run visible after", catchUpSeconds(report), "s")
            .target("10 s if it keeps up"));
    checks(bench, scenario, report);
  }

  private static double catchUpSeconds(JsonNode report) {
    return report.get("runsPerSecond").asDouble()
        * BURST_SECONDS
        / report.get("visibleRunsPerSecond").asDouble();
  }

  static void checks(Bench bench, String scenario, JsonNode report) {
    long lost = report.get("missingRuns").asLong() + report.get("refusedEvents").asLong();
    bench.add(Figure.of(scenario, "missing or refused", lost, "").target("0"));
    bench.add(Figure.of(scenario, "not sent in time", report.get("unsentRuns").asDouble(), "runs"));
    bench.add(
        Figure.of(
            scenario,
            "generator CPU",
            report.get("generatorCpu").asDouble() * 100,
            "% of machine"));
  }

  private static double millis(JsonNode report, String latency, String percentile) {
    return report.get(latency).get(percentile).asDouble();
  }

  private static JsonNode load(Lab lab, Service standalone, int rate, int seconds)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("load", "--json", "--url", standalone.url()));
    arguments.addAll(List.of("--key", Lab.PRIVATE_KEY.toString()));
    arguments.addAll(List.of("--rate", Integer.toString(rate), "--connections", "16"));
    arguments.addAll(List.of("--seconds", Integer.toString(seconds), "--warmup", "10"));
    return report(lab.run(arguments.toArray(String[]::new)));
  }

  /** What the load command says with {@code --json}. */
  static JsonNode report(String output) throws IOException {
    int from = output.indexOf('{');
    if (from < 0) {
      throw new IllegalStateException("The load gave no report: " + output);
    }
    return JSON.readTree(output.substring(from));
  }
}
