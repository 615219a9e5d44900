package dev.perilune.benchmarks.bench;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One kind of read.
 *
 * @param perSecond how often it is asked, by the clock
 * @param sign what a right answer contains
 */
record ReadQuestion(String name, Supplier<String> path, int perSecond, String sign, String target) {

  private static final String BY_ID = "run by id";

  String next() {
    return path.get();
  }

  boolean isRight(Buffer body) {
    return body.toString().contains(sign);
  }

  boolean isById() {
    return name.equals(BY_ID);
  }

  static List<ReadQuestion> all(ReadSamples samples) {
    Random random = new Random(3);
    return List.of(
        new ReadQuestion(
            BY_ID,
            () -> "/v1/runs/" + samples.runs().get(random.nextInt(samples.runs().size())),
            100,
            "\"projectId\"",
            "< 5 ms"),
        list("list of 50", "/v1/runs?limit=50", 20, ""),
        list(
            "list of 50, two filters",
            "/v1/runs?limit=50&type=llm&status=success&models=gpt-4o",
            20,
            "< 30 ms"),
        list("list, page 2,000", "/v1/runs?limit=50&page=2000&type=llm", 5, ""),
        list("search, a common word", "/v1/runs?limit=50&search=the", 5, "< 200 ms"),
        list("search, one in 1,000", "/v1/runs?limit=50&search=vellichor", 5, "< 200 ms"),
        list("search, one in 100,000", "/v1/runs?limit=50&search=zephyrquartz", 5, "< 200 ms"),
        list("search, Chinese", "/v1/runs?limit=50&search=" + text("冰糖葫芦"), 5, "< 200 ms"),
        list("search, a word that is not there", "/v1/runs?search=xylofoxes", 5, "< 200 ms"),
        list("users by cost", "/v1/external-users?limit=50&sortField=cost", 5, ""),
        chart("chart of a month by day", "runs", "", 10, "< 20 ms", random),
        chart("chart of a month by model", "costs", "", 10, "< 20 ms", random),
        chart("chart of latencies", "latency", "", 10, "< 20 ms", random),
        chart("chart of a month, filtered", "costs", "&tags=production", 2, "< 300 ms", random),
        new ReadQuestion(
            "trace of 10,000, skeleton",
            () -> "/v1/runs/" + samples.largestTrace() + "/trace",
            1,
            "\"id\"",
            "< 300 ms"));
  }

  private static ReadQuestion list(String name, String path, int perSecond, String target) {
    return new ReadQuestion(name, () -> path, perSecond, "\"data\"", target);
  }

  /** The window differs by milliseconds each time, which keeps caches of answers out of this. */
  private static ReadQuestion chart(
      String name, String route, String filter, int perSecond, String target, Random random) {
    Supplier<String> path =
        () -> {
          Instant end = Instant.now().minusMillis(random.nextInt(3_600_000));
          return "/v1/analytics/%s?startDate=%s&endDate=%s&timeZone=UTC&granularity=daily%s"
              .formatted(
                  route,
                  text(end.minus(Duration.ofDays(30)).truncatedTo(ChronoUnit.MILLIS)),
                  text(end.truncatedTo(ChronoUnit.MILLIS)),
                  filter);
        };
    return new ReadQuestion(name, path, perSecond, "\"data\"", target);
  }

  private static String text(Object value) {
    return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }
}
