package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.query.runs.QueryTester.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same question through rollups and through the runs has the same answer. */
class AgreementIT extends OnAnalytics {

  /** A filter that every run satisfies and that no rollup knows. */
  private static final String FROM_RUNS = "&date=gt.1970-01-01T00:00:00.000Z";

  private static final Instant FIRST = Instant.parse("2024-03-20T00:00:00Z");
  private static final int SECONDS = 45 * 86_400;

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Asia/Kolkata",
          "Australia/Lord_Howe",
          "America/New_York",
          "Africa/Casablanca",
          "America/St_Johns",
          "Asia/Kathmandu",
          "Pacific/Kiritimati",
          "Europe/Lisbon");

  private static final String RUNS =
      """
      INSERT INTO run (project_id, id, created_at, ended_at, type, name, status, parent_run_id,
                       parent_type, external_user_id, template_version_id, prompt_tokens,
                       completion_tokens, cost, tags, feedback)
      SELECT p::uuid, gen_random_uuid(), at, CASE WHEN random() < 0.9 THEN at + took END,
             (ARRAY['llm', 'tool', 'agent', 'thread', 'custom-event'])[1 + floor(random() * 5)],
             (ARRAY['a', 'b', 'c', NULL])[1 + floor(random() * 4)],
             (ARRAY['success', 'error', NULL])[1 + floor(random() * 3)], NULL, NULL,
             nullif(floor(random() * 9), 0), nullif(floor(random() * 4), 0),
             CASE WHEN random() < 0.8 THEN floor(random() * 2000000000) END,
             CASE WHEN random() < 0.8 THEN floor(random() * 1000) END,
             CASE WHEN random() < 0.7 THEN (random() * 3)::numeric END,
             (ARRAY['{x}', '{x,y,x}', '{}', NULL])[1 + floor(random() * 4)]::text[],
             (ARRAY['{"thumb": "up"}', '{"thumb": "down"}', '{"comment": "hm"}', NULL])
               [1 + floor(random() * 4)]::jsonb
        FROM (SELECT unnest(ARRAY[?, ?]) AS p,
                     '2024-03-20Z'::timestamptz
                       + random() * interval '45 days' AS at,
                     random() * random() * interval '2 minutes' AS took
                FROM generate_series(1, 900)) g
      """;

  private static final String CHILDREN =
      """
      INSERT INTO run (project_id, id, created_at, type, name, parent_run_id, parent_type, cost,
                       prompt_tokens, agent)
      SELECT project_id, gen_random_uuid(), created_at + interval '1 second', 'llm', 'a', id,
             'agent', 1, 7, coalesce(name, '')
        FROM run
       WHERE type = 'agent'
      """;

  // some name their parent by another id of it
  private static final String ALIASES =
      """
      INSERT INTO run_alias (project_id, id, run_id, run_created_at)
      SELECT project_id, gen_random_uuid(), id, created_at
        FROM run
       WHERE parent_type = 'agent'
      """;

  private static final String GRANDCHILDREN =
      """
      INSERT INTO run (project_id, id, created_at, type, name, parent_run_id, parent_type, cost,
                       completion_tokens, agent)
      SELECT r.project_id, gen_random_uuid(), r.created_at + interval '1 second', 'tool', 'b',
             CASE WHEN random() < 0.5 THEN a.id ELSE r.id END, 'llm', 2, 3, r.agent
        FROM run r
        JOIN run_alias a ON a.project_id = r.project_id AND a.run_id = r.id
      """;

  /** When one of the runs of a user began. */
  private static final String AT =
      """
      SELECT (extract(epoch FROM created_at) * 1000000)::bigint
        FROM run
       WHERE external_user_id IS NOT NULL AND NOT is_deleted AND project_id = '%s'
       ORDER BY id LIMIT 1 OFFSET %%d
      """
          .formatted(QueryTester.PROJECT);

  private final Random random = new Random(11);

  @BeforeEach
  void runs() {
    api.execute("SELECT setseed(0.5)");
    api.execute(RUNS, QueryTester.PROJECT, QueryTester.SIBLING);
    api.execute(CHILDREN);
    api.execute(ALIASES);
    api.execute(GRANDCHILDREN);
    api.execute("UPDATE run SET agent = coalesce(name, '') WHERE type = 'agent'");
    String all = "SELECT rollup_add(%d, project_id, array_agg(id)) FROM run%s GROUP BY project_id";
    api.execute(all.formatted(1, ""));
    // some change, end late or are deleted
    api.execute(all.formatted(-1, " WHERE prompt_tokens % 5 = 0"));
    api.execute(
        "UPDATE run SET is_deleted = coalesce(completion_tokens % 2 = 0, FALSE), name = 'd',"
            + " ended_at = created_at + interval '2 seconds', external_user_id = 3"
            + " WHERE prompt_tokens % 5 = 0");
    api.execute(all.formatted(1, " WHERE prompt_tokens % 5 = 0"));
  }

  @Test
  void seriesAgree() {
    List<String> routes =
        List.of(
            "tokens",
            "costs",
            "errors",
            "runs",
            "run-types",
            "threads",
            "feedback/thumb/up",
            "feedback/thumb/down",
            "feedback-ratio",
            "custom-events");
    for (int round = 0; round < 60; round++) {
      agree(any(routes) + "?" + window(), any(List.of("", "&type=llm", "&models=a,d", "&tools=B")));
    }
  }

  @Test
  void usersAgentsAndTagsAgree() {
    List<String> routes =
        List.of("users/active", "users/average-cost", "run-types?firstDimension=tags");
    for (int round = 0; round < 45; round++) {
      String route = any(routes);
      agree(route + (route.contains("?") ? "&" : "?") + window(), "");
    }
  }

  /** Windows of more days than memory has are asked of the database. */
  @Test
  void longWindowsOfUsersAgree() {
    for (String granularity : List.of("daily", "weekly", "monthly")) {
      for (String zone : ZONES) {
        String window =
            "?startDate=2022-11-07T12:34:56Z&endDate=2024-04-21T05:43:21Z&timeZone=%s&granularity=%s"
                .formatted(zone, granularity);
        agree(any(List.of("users/active", "users/average-cost")) + window, "");
      }
    }
    user(1, "2024-03-20T00:00:00Z", "{}");
    String list =
        "/v1/external-users?sortField=cost&timeZone=UTC&startDate=2022-11-07T12:34:56Z"
            + "&endDate=2024-04-21T05:43:21Z";
    assertEquals(api.get(list + FROM_RUNS).body(), api.get(list).body());
  }

  @Test
  void filteredIsAsIfTheOthersWereDeleted() {
    List<String> routes =
        List.of(
            "tokens?",
            "costs?",
            "errors?",
            "threads?",
            "run-types?",
            "models/top?limit=10&",
            "users/active?",
            "users/average-cost?");
    Map<String, JsonNode> filtered = new LinkedHashMap<>();
    for (int round = 0; round < 40; round++) {
      String question = any(routes) + window();
      filtered.put(question, QueryTester.tree(body(question + "&status=error")));
    }
    String others = " WHERE NOT is_deleted AND status IS DISTINCT FROM 'error'";
    api.execute(
        "SELECT rollup_add(-1, project_id, array_agg(id)) FROM run"
            + others
            + " GROUP BY project_id");
    api.execute("UPDATE run SET is_deleted = TRUE" + others);
    // as numbers: what is left of a sum may have more digits than it needs
    filtered.forEach(
        (question, expected) -> assertEquals(expected, QueryTester.tree(body(question)), question));
  }

  @Test
  void whatUsersCostAgrees() {
    for (int id = 1; id <= 10; id++) {
      user(id, "2024-03-20T00:00:00Z", "{}");
    }
    for (int round = 0; round < 30; round++) {
      String list =
          any(
                  List.of(
                      "/v1/external-users?limit=20&sortField=cost&",
                      "/v1/external-users?limit=3&page=1&sortField=cost&",
                      "/v1/external-users?limit=4&sortField=cost&sortDirection=asc&",
                      "/v1/external-users?limit=5&search=1&sortField=cost&",
                      "/v1/external-users?limit=5&"))
              + window();
      assertEquals(api.get(list + FROM_RUNS).body(), api.get(list).body(), list);
    }
    String one = "/v1/external-users?timeZone=UTC&startDate=%1$s&endDate=%1$s";
    for (int round = 0; round < 20; round++) {
      Instant at = Instant.EPOCH.plus(api.number(AT.formatted(round)), ChronoUnit.MICROS);
      String list = one.formatted(at);
      assertEquals(api.get(list + FROM_RUNS).body(), api.get(list).body(), list);
      assertTrue(api.get(list).body().contains("\"runs\" : 1"), list);
    }
  }

  @Test
  void rankingsAgree() {
    for (int round = 0; round < 15; round++) {
      agree("models/top?limit=10&" + window(), any(List.of("", "&models=a,d", "&name=b")));
      agree("templates/top?" + window(), "");
      agree("agents/top?" + window(), "");
    }
    agree("models/top?", "");
    agree("agents/top?" + WEEK.replace("2024-05-01", "2024-03-19"), "");
    String org = "/v1/analytics/org/models/top?limit=3";
    Reply kept = api.get(org, QueryTester.ORG_KEY);
    assertEquals(api.get(org + FROM_RUNS, QueryTester.ORG_KEY).body(), kept.body());
    assertEquals(3, QueryTester.tree(kept.body()).size());
  }

  @Test
  void longWindowsHavePercentilesWithinOnePercent() {
    for (int round = 0; round < 20; round++) {
      String query =
          "latency?startDate=2024-03-2%dT%02d:17:00Z&endDate=2024-05-01T00:00:00Z"
                  .formatted(random.nextInt(10), random.nextInt(24))
              + "&granularity="
              + any(List.of("daily", "weekly", "monthly"))
              + "&timeZone="
              + any(ZONES)
              + any(List.of("", "&type=llm"));
      Reply kept = api.getAnew("/v1/analytics/" + query);
      assertEquals("latency", kept.headers().get("X-Perilune-Approx"), query);
      JsonNode exact = QueryTester.tree(body(query + FROM_RUNS));
      JsonNode near = QueryTester.tree(kept.body());
      assertEquals(exact.path("stat"), near.path("stat"), query);
      assertEquals(exact.path("data").size(), near.path("data").size(), query);
      for (int i = 0; i < exact.path("data").size(); i++) {
        double expected = exact.path("data").get(i).path("value").asDouble();
        double value = near.path("data").get(i).path("value").asDouble();
        // below a millisecond counts as 0
        assertEquals(expected, value, Math.max(0.001, expected * 0.0101), query + " at " + i);
      }
    }
  }

  @Test
  void shortWindowsHaveExactPercentiles() {
    Reply reply = api.get("/v1/analytics/latency?" + WEEK);
    assertTrue(reply.headers().get("X-Perilune-Approx") == null);
    assertEquals(reply.body(), body("latency?" + WEEK + FROM_RUNS));
  }

  private void agree(String question, String filter) {
    assertEquals(body(question + filter + FROM_RUNS), body(question + filter), question + filter);
  }

  /** Some window, cut anywhere. */
  private String window() {
    Instant from = FIRST.plusSeconds(random.nextInt(SECONDS));
    Duration length = Duration.ofMillis((long) (random.nextDouble() * SECONDS * 1000));
    Instant to = from.plus(length);
    ChronoUnit cut = any(List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MILLIS));
    return "startDate=%s&endDate=%s&timeZone=%s&granularity=%s"
        .formatted(
            from.truncatedTo(cut),
            to.truncatedTo(cut),
            any(ZONES),
            any(List.of("hourly", "daily", "daily", "weekly", "monthly")));
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
