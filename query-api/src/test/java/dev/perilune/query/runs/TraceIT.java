package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TraceIT extends OnQueryApi {

  private static final String ALIAS = "eeeeeeee-0000-4000-8000-00000000000e";

  @Test
  void aNodeShowsItsOwnFiguresAndTheSumsOfItsSubtreeButNoTexts() {
    api.run(
        A,
        "agent",
        "2025-05-01T12:00:00Z",
        "name",
        "planner",
        "status",
        "success",
        "ended_at",
        "2025-05-01T12:00:02.345Z",
        "prompt_tokens",
        "999");
    api.payload(A, "2025-05-01T12:00:00Z", "input", "\"secret\"");
    call(B, "2025-05-01T12:00:01Z", "0.1");
    call(C, "2025-05-01T12:00:02Z", "0.20");
    assertEquals(
        """
        {"id":"aaaaaaaa-0000-4000-8000-000000000001","runs":3,"truncated":false,"data":[\
        {"id":"aaaaaaaa-0000-4000-8000-000000000001","parentRunId":null,"type":"agent",\
        "name":"planner","status":"success","createdAt":"2025-05-01T12:00:00.000Z",\
        "endedAt":"2025-05-01T12:00:02.345Z","duration":"00:00:02.345","cost":null,\
        "tokens":{"prompt":999,"cachedPrompt":0,"completion":null,"total":999},\
        "subtree":{"runs":3,"cost":0.3,\
        "tokens":{"prompt":20,"cachedPrompt":4,"completion":10,"total":30}}},\
        {"id":"bbbbbbbb-0000-4000-8000-000000000002",\
        "parentRunId":"aaaaaaaa-0000-4000-8000-000000000001","type":"llm","name":null,\
        "status":null,"createdAt":"2025-05-01T12:00:01.000Z","endedAt":null,"duration":null,\
        "cost":0.1,"tokens":{"prompt":10,"cachedPrompt":2,"completion":5,"total":15},\
        "subtree":{"runs":1,"cost":0.1,\
        "tokens":{"prompt":10,"cachedPrompt":2,"completion":5,"total":15}}},\
        {"id":"cccccccc-0000-4000-8000-000000000003",\
        "parentRunId":"aaaaaaaa-0000-4000-8000-000000000001","type":"llm","name":null,\
        "status":null,"createdAt":"2025-05-01T12:00:02.000Z","endedAt":null,"duration":null,\
        "cost":0.2,"tokens":{"prompt":10,"cachedPrompt":2,"completion":5,"total":15},\
        "subtree":{"runs":1,"cost":0.2,\
        "tokens":{"prompt":10,"cachedPrompt":2,"completion":5,"total":15}}}]}\
        """,
        api.get("/v1/runs/" + A + "/trace").body());
  }

  @Test
  void aRunThatOtherIdsStandForIsOneNode() {
    api.run(A, "chat", "2025-05-01T12:00:00Z");
    api.alias(ALIAS, A, "2025-05-01T12:00:00Z");
    api.run(B, "agent", "2025-05-01T12:00:01Z", "parent_run_id", ALIAS);
    api.run(C, "llm", "2025-05-01T12:00:02Z", "parent_run_id", B, "cost", "0.000001");
    String body = api.get("/v1/runs/" + ALIAS + "/trace").body();
    JsonNode trace = QueryTester.tree(body);
    assertEquals(A, trace.get("id").asText());
    assertEquals(List.of(A, B, C), ids(trace.get("data")));
    assertEquals(A, trace.at("/data/1/parentRunId").asText());
    assertTrue(body.contains("\"subtree\":{\"runs\":3,\"cost\":0.000001,"), body);
    assertEquals(List.of(C), ids(api.json("/v1/runs/" + C + "/trace").get("data")));
  }

  @Test
  void aCircleOfParentsIsATreeFromWhereOneLooks() {
    api.run(A, "agent", "2025-05-01T12:00:00Z", "parent_run_id", B);
    call(B, "2025-05-01T12:00:01Z", "1");
    JsonNode trace = api.json("/v1/runs/" + A + "/trace");
    assertEquals(List.of(A, B), ids(trace.get("data")));
    assertTrue(trace.at("/data/0/parentRunId").isNull());
    assertEquals(2, trace.at("/data/0/subtree/runs").asInt());
    assertEquals(1, trace.at("/data/0/subtree/cost").asInt());
    api.run(C, "agent", NOON, "parent_run_id", C);
    assertEquals(List.of(C), ids(api.json("/v1/runs/" + C + "/trace").get("data")));
  }

  @Test
  void whatIsNotOfTheProjectIsNotFound() {
    api.insert(
        "run", "project_id", QueryTester.SIBLING, "id", B, "type", "llm", "created_at", NOON);
    var foreign = api.get("/v1/runs/" + B + "/trace");
    assertEquals(404, foreign.status());
    assertEquals(api.get("/v1/runs/" + C + "/trace").body(), foreign.body());
    assertEquals(401, api.getAnonymously("/v1/runs/" + A + "/trace").status());
    assertEquals(401, api.get("/v1/runs/" + A + "/trace", QueryTester.PROJECT).status());
  }

  @Test
  void aTraceOfTenThousandRunsIsWhole() {
    api.run(A, "agent", NOON);
    children(10_000);
    JsonNode trace = api.json("/v1/runs/" + A + "/trace");
    assertEquals(10_001, trace.get("data").size());
    assertFalse(trace.get("truncated").asBoolean());
    assertEquals(10_001, trace.at("/data/0/subtree/runs").asInt());
    assertEquals("0.1", trace.at("/data/0/subtree/cost").asText());
  }

  @Test
  void aTraceThatIsCutSaysSo() {
    api.run(A, "agent", NOON);
    children(19_999);
    assertFalse(api.json("/v1/runs/" + A + "/trace").get("truncated").asBoolean());
    assertEquals(
        "false", api.get("/v1/runs/" + A + "/related").headers().get("X-Perilune-Truncated"));
    api.run(B, "llm", "2025-05-01T11:00:00Z", "parent_run_id", A);
    JsonNode trace = api.json("/v1/runs/" + A + "/trace");
    assertTrue(trace.get("truncated").asBoolean());
    assertEquals(20_000, trace.get("data").size());
    assertEquals(
        "true", api.get("/v1/runs/" + A + "/related").headers().get("X-Perilune-Truncated"));
  }

  @Test
  void aChainOfParentsIsCutAfterAThousandGenerations() {
    String sql =
        "INSERT INTO run (project_id, id, type, created_at, parent_run_id)"
            + " SELECT ?, md5(n::text)::uuid, 'tool', ?::timestamptz + n * interval '1 ms',"
            + " CASE WHEN n > 0 THEN md5((n - 1)::text)::uuid END FROM generate_series(0, 1001) n";
    api.execute(sql, QueryTester.PROJECT, NOON);
    JsonNode whole = api.json("/v1/runs/" + md5Of1() + "/trace");
    assertEquals(1001, whole.get("data").size());
    assertFalse(whole.get("truncated").asBoolean());
    JsonNode cut = api.json("/v1/runs/" + whole.at("/data/0/parentRunId").asText() + "/trace");
    assertEquals(1001, cut.get("data").size());
    assertTrue(cut.get("truncated").asBoolean());
  }

  private static UUID md5Of1() {
    return UUID.fromString("c4ca4238-a0b9-2382-0dcc-509a6f75849b");
  }

  /** Model calls below A, of 0.00001 USD each. */
  private void children(int count) {
    api.execute(
        "INSERT INTO run (project_id, id, type, created_at, cost, parent_run_id)"
            + " SELECT ?, md5(n::text)::uuid, 'llm', ?::timestamptz + n * interval '1 ms', 0.00001,"
            + " CASE WHEN n <= 100 THEN ?::uuid ELSE md5((n / 10)::text)::uuid END"
            + " FROM generate_series(1, ?::integer) n",
        QueryTester.PROJECT,
        NOON,
        A,
        Integer.toString(count));
  }

  private void call(String id, String createdAt, String cost) {
    api.run(
        id,
        "llm",
        createdAt,
        "parent_run_id",
        A,
        "cost",
        cost,
        "prompt_tokens",
        "10",
        "completion_tokens",
        "5",
        "cached_prompt_tokens",
        "2");
  }

  private static List<String> ids(JsonNode rows) {
    List<String> ids = new ArrayList<>();
    rows.forEach(row -> ids.add(row.get("id").asText()));
    return ids;
  }
}
