package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.QuerySettings;
import dev.perilune.runtime.limit.RateSettings;
import dev.perilune.testkit.PostgresExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BoundsIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String NOON = "2025-05-01T12:00:00Z";

  @Test
  void aQuestionThatTakesTooLongIsGivenUpWithoutDatabaseText() throws Exception {
    try (QueryTester api =
        tester(
            new QuerySettings(
                Duration.ofMillis(600),
                QueryTester.UNLIMITED,
                QueryTester.GROUP,
                QueryTester.NO_BROKERS))) {
      api.run("aaaaaaaa-0000-4000-8000-000000000001", "llm", NOON);
      assertEquals(1, api.ids("/v1/runs").size());
      api.execute("BEGIN");
      api.execute("LOCK TABLE run");
      for (String path :
          List.of("/v1/runs", "/v1/runs/count", "/v1/runs/x", "/v1/runs/x/related")) {
        var reply = api.get(path);
        assertEquals(503, reply.status());
        assertEquals(
            "{\"message\":\"The answer took longer than 600 ms; ask for less at a time\"}",
            reply.body());
        assertTrue(reply.headers().contains("Retry-After"));
      }
      api.execute("ROLLBACK");
      assertEquals(1, api.ids("/v1/runs").size());
    }
  }

  @Test
  void aPageOfHugeRunsIsStreamedWhole() throws Exception {
    try (QueryTester api = new QueryTester(POSTGRES.settings())) {
      String text = "\"" + "x".repeat(1_500_000) + "\"";
      for (int i = 0; i < 10; i++) {
        String id = "aaaaaaaa-0000-4000-8000-00000000000" + i;
        api.run(id, "llm", NOON);
        api.payload(id, NOON, "input", text, "output", "\"" + i + "\"");
      }
      var reply = api.get("/v1/runs?limit=10");
      assertEquals("chunked", reply.headers().get("transfer-encoding"));
      var data = QueryTester.tree(reply.body()).get("data");
      assertEquals(10, data.size());
      assertEquals("9", data.get(0).get("output").asText());
      assertEquals("0", data.get(9).get("output").asText());
      assertFalse(api.get("/v1/runs?limit=1").headers().contains("transfer-encoding"));
    }
  }

  @Test
  void aKeyThatAsksTooOftenHasToWait() throws Exception {
    RateSettings two = new RateSettings(1, 2);
    try (QueryTester api =
        tester(
            new QuerySettings(
                Duration.ofSeconds(10), two, QueryTester.GROUP, QueryTester.NO_BROKERS))) {
      assertEquals(401, api.getAnonymously("/v1/runs").status());
      assertEquals("1", api.get("/v1/runs").headers().get("Rate-Limit-Remaining"));
      assertEquals(404, api.get("/v1/runs/x").status());
      var refused = api.get("/v1/version");
      assertEquals(429, refused.status());
      assertEquals("1", refused.headers().get("Retry-After"));
      assertEquals(404, api.get("/v1/runs/x/feedback", QueryTester.PROJECT).status());
    }
  }

  private static QueryTester tester(QuerySettings settings) {
    return new QueryTester(POSTGRES.settings(), settings);
  }
}
