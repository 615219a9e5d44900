package dev.perilune.benchmarks.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Charts of the last 30 days; the window differs each time, which keeps caches out of this. */
final class ChartQuestions {
  private static final int DAYS = 30;
  private static final int LATEST_END_MILLIS = 3_600_000;
  private static final String FILTER = "&tags=production";

  /** The charts of the default dashboard, by their data keys. */
  private static final List<String> DASHBOARD =
      List.of(
          "models/top",
          "templates/top",
          "users/top",
          "tokens",
          "agents/top",
          "threads",
          "costs",
          "errors",
          "users/new",
          "users/active",
          "users/average-cost",
          "run-types",
          "latency",
          "feedback-ratio",
          "feedback/thumb/up",
          "feedback/thumb/down",
          "languages/top",
          "topics/top");

  private final Random random = new Random(3);

  /** Every chart of the default dashboard. */
  List<ReadQuestion> dashboard() {
    return DASHBOARD.stream().map(key -> of(key, key, "UTC", "", 10, "p95 < 20 ms")).toList();
  }

  /** The same with a filter. */
  List<ReadQuestion> filteredDashboard() {
    return DASHBOARD.stream()
        .map(key -> of(key + ", filtered", key, "UTC", FILTER, 3, "p95 < 300 ms"))
        .toList();
  }

  /** Days that begin in the middle of an hour of UTC. */
  List<ReadQuestion> halfHourZone() {
    return List.of(
        of("tokens, Kolkata", "tokens", "Asia/Kolkata", "", 3, "p95"),
        of("latency, Kolkata", "latency", "Asia/Kolkata", "", 3, "p95"));
  }

  ReadQuestion byDay() {
    return of("chart of a month by day", "runs", "UTC", "", 10, "p95 < 20 ms");
  }

  ReadQuestion byDayFiltered() {
    return of("chart of a month, filtered", "costs", "UTC", FILTER, 2, "p95 < 300 ms");
  }

  private ReadQuestion of(
      String name, String key, String zone, String filter, int perSecond, String target) {
    Supplier<String> path = () -> route(key) + window(zone) + filter;
    return new ReadQuestion(name, path, perSecond, "[", target);
  }

  /** Users by cost are asked for where users are, as dashboards do. */
  private static String route(String key) {
    return key.equals("users/top")
        ? "/v1/external-users?limit=5&sortField=cost&"
        : "/v1/analytics/" + key + "?granularity=daily&";
  }

  private String window(String zone) {
    Instant end =
        Instant.now().minusMillis(random.nextInt(LATEST_END_MILLIS)).truncatedTo(ChronoUnit.MILLIS);
    return "startDate=%s&endDate=%s&timeZone=%s"
        .formatted(text(end.minus(Duration.ofDays(DAYS))), text(end), text(zone));
  }

  private static String text(Object value) {
    return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }
}
