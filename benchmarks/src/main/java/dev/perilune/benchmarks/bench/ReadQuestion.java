package dev.perilune.benchmarks.bench;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
  private static final ReadQuestion LIST_FILTERED =
      list(
          "list of 50, two filters",
          "/v1/runs?limit=50&type=llm&status=success&models=gpt-4o",
          20,
          "< 30 ms");
  private static final ReadQuestion SEARCH_RARE =
      list("search, one in 1,000", "/v1/runs?limit=50&search=vellichor", 5, "< 200 ms");

  String next() {
    return path.get();
  }

  boolean isRight(Buffer body) {
    return body.toString().contains(sign);
  }

  /** Whether only that matters how long nearly all answers take. */
  boolean isChart() {
    return target.startsWith("p95");
  }

  boolean isById() {
    return name.equals(BY_ID);
  }

  static ReadQuestion byId(ReadSamples samples) {
    Random random = new Random(3);
    return new ReadQuestion(
        BY_ID,
        () -> "/v1/runs/" + samples.runs().get(random.nextInt(samples.runs().size())),
        100,
        "\"projectId\"",
        "< 5 ms");
  }

  /** What people ask while runs come in. */
  static List<ReadQuestion> underIngest(ReadSamples samples) {
    ChartQuestions charts = new ChartQuestions();
    return List.of(
        byId(samples),
        LIST_FILTERED,
        SEARCH_RARE,
        charts.byDay(),
        charts.byDayFiltered(),
        trace(samples));
  }

  static List<ReadQuestion> all(ReadSamples samples) {
    ChartQuestions charts = new ChartQuestions();
    return List.of(
        byId(samples),
        list("list of 50", "/v1/runs?limit=50", 20, ""),
        LIST_FILTERED,
        list("list, page 2,000", "/v1/runs?limit=50&page=2000&type=llm", 5, ""),
        list("search, a common word", "/v1/runs?limit=50&search=the", 5, "< 200 ms"),
        SEARCH_RARE,
        list("search, one in 100,000", "/v1/runs?limit=50&search=zephyrquartz", 5, "< 200 ms"),
        list("search, Chinese", "/v1/runs?limit=50&search=" + text("冰糖葫芦"), 5, "< 200 ms"),
        list("search, a word that is not there", "/v1/runs?search=xylofoxes", 5, "< 200 ms"),
        list("users by cost", "/v1/external-users?limit=50&sortField=cost", 5, ""),
        charts.byDay(),
        charts.byDayFiltered(),
        trace(samples));
  }

  private static ReadQuestion trace(ReadSamples samples) {
    return new ReadQuestion(
        "trace of 10,000, skeleton",
        () -> "/v1/runs/" + samples.largestTrace() + "/trace",
        1,
        "\"id\"",
        "< 300 ms");
  }

  private static ReadQuestion list(String name, String path, int perSecond, String target) {
    return new ReadQuestion(name, () -> path, perSecond, "\"data\"", target);
  }

  private static String text(Object value) {
    return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }
}
