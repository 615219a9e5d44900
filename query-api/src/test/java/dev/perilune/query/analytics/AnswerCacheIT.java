package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.runs.QueryTester;
import dev.perilune.query.runs.QueryTester.Reply;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnswerCacheIT extends OnAnalytics {

  private static final String RUNS = "/v1/analytics/runs?" + WEEK;

  @Test
  void anAnswerIsKeptUntilTheFiguresChange() {
    String id = run("llm", "2024-05-01T00:00:00Z");
    Reply first = api.get(RUNS);
    // past the figures: only who does not ask the cache sees it
    api.execute("UPDATE rollup_run SET runs = 7");
    Reply second = api.get(RUNS);
    assertEquals(first.body(), second.body());
    assertEquals(first.headers().get("X-Perilune-As-Of"), asOf(second).toString());
    assertTrue(api.getAnew(RUNS).body().contains("\"value\":7"));
    api.execute("SELECT rollup_add(-1, ?::uuid, ARRAY[?::uuid])", QueryTester.PROJECT, id);
    assertTrue(api.get(RUNS).body().contains("\"value\":6"));
  }

  @Test
  void theSpellingOfAQuestionDoesNotMatter() {
    run("llm", "2024-05-01T00:00:00Z");
    Reply first = api.get(RUNS);
    api.execute("UPDATE rollup_run SET runs = 7");
    String turned =
        "/v1/analytics/runs?&granularity=daily&timeZone=UTC&foo=1"
            + "&endDate=2024-05-07T23:59:59.999%2B00:00&startDate=2024-05-01T00:00:00Z";
    assertEquals(first.body(), api.get(turned).body());
    assertTrue(api.get(RUNS + "&type=llm").body().contains("\"value\":7"));
    assertTrue(api.get(RUNS.replace("UTC", "Asia/Tokyo")).body().contains("\"value\":7"));
  }

  @Test
  void clientsMayKeepWhatIsOverForMinutesAndWhatStillFillsForSeconds() {
    assertMaxAge(540, 600, RUNS);
    assertMaxAge(0, 5, RUNS.replace("2024-05-07", "2999-05-07").replace("2024", "2026"));
    // what runs are tagged with can change without any figure
    assertMaxAge(0, 5, RUNS + "&status=error");
    assertMaxAge(0, 5, "/v1/analytics/users/new?firstDimension=a&secondDimension=date&" + WEEK);
  }

  @Test
  void nobodySeesTheAnswersOfOthers() {
    runOf(QueryTester.FOREIGN, "llm", "2024-05-01T00:00:00Z", "name", "theirs");
    run("llm", "2024-05-01T00:00:00Z", "name", "ours");
    String path = "/v1/analytics/models/top";
    assertTrue(api.get(path).body().contains("ours"));
    assertTrue(!api.get(path).body().contains("theirs"));
    Reply org = api.get("/v1/analytics/org/models/top", QueryTester.ORG_KEY);
    assertTrue(org.body().contains("ours") && !org.body().contains("theirs"));
    runOf(QueryTester.SIBLING, "llm", "2024-05-01T00:00:00Z", "name", "siblings");
    org = api.get("/v1/analytics/org/models/top", QueryTester.ORG_KEY);
    assertTrue(org.body().contains("siblings"), "a change in any project of the organisation");
  }

  private void assertMaxAge(int least, int most, String path) {
    Reply reply = api.get(path);
    assertEquals(200, reply.status(), reply.body());
    String control = reply.headers().get("Cache-Control");
    assertTrue(control.startsWith("private, max-age="), control);
    int seconds = Integer.parseInt(control.substring(control.indexOf('=') + 1));
    assertTrue(seconds >= least && seconds <= most, path + ": " + control);
    assertTrue(!asOf(reply).isAfter(Instant.now()));
  }

  private static Instant asOf(Reply reply) {
    return Instant.parse(reply.headers().get("X-Perilune-As-Of"));
  }
}
