package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTreeIT extends OnQueryApi {

  private static final String ALIAS = "eeeeeeee-0000-4000-8000-00000000000e";

  @Test
  void rowsAreRawAndOrderedByStart() {
    String parent = "93690000-0000-4000-8000-000000000009";
    api.run(
        A,
        "agent",
        "2024-03-02T00:00:01Z",
        "ended_at",
        "2024-03-02T00:00:05Z",
        "status",
        "success",
        "name",
        "agent-x",
        "parent_run_id",
        parent);
    api.payload(A, "2024-03-02T00:00:01Z", "input", "\"q\"", "output", "{\"output\":{\"a\":1}}");
    api.run(
        B,
        "llm",
        "2024-03-02T00:00:00Z",
        "parent_run_id",
        A,
        "parent_type",
        "agent",
        "cost",
        "0.50",
        "prompt_tokens",
        "1",
        "completion_tokens",
        "2",
        "tags",
        "{x}",
        "metadata",
        "{\"k\": 1}",
        "feedback",
        "{\"thumb\": \"up\"}");

    assertEquals(
        """
        [{"createdAt":"2024-03-02T00:00:00.000Z","tags":["x"],\
        "projectId":"22222222-2222-4222-8222-222222222222",\
        "id":"bbbbbbbb-0000-4000-8000-000000000002","status":null,"name":null,"endedAt":null,\
        "error":null,"input":null,"output":null,"params":null,"type":"llm",\
        "parentRunId":"aaaaaaaa-0000-4000-8000-000000000001",\
        "completionTokens":2,"promptTokens":1,"cost":0.5,\
        "feedback":{"thumb":"up"},"metadata":{"k":1}},\
        {"createdAt":"2024-03-02T00:00:01.000Z","tags":null,\
        "projectId":"22222222-2222-4222-8222-222222222222",\
        "id":"aaaaaaaa-0000-4000-8000-000000000001","status":"success","name":"agent-x",\
        "endedAt":"2024-03-02T00:00:05.000Z","error":null,"input":"q",\
        "output":{"output":{"a":1}},"params":null,"type":"agent",\
        "parentRunId":"93690000-0000-4000-8000-000000000009",\
        "completionTokens":null,"promptTokens":null,"cost":0,"feedback":null,"metadata":null}]\
        """,
        api.get("/v1/runs/" + A + "/related").body());
  }

  @Test
  void childrenNestUnderTheRunThatTheirParentIdStandsFor() {
    api.run(A, "chat", "2025-05-01T12:00:00Z");
    api.alias(ALIAS, A, "2025-05-01T12:00:00Z");
    api.run(B, "agent", "2025-05-01T12:00:01Z", "parent_run_id", ALIAS);
    api.run(C, "llm", "2025-05-01T12:00:02Z", "parent_run_id", B);
    JsonNode rows = api.json("/v1/runs/" + ALIAS + "/related");
    assertEquals(List.of(A, B, C), ids(rows));
    assertEquals(A, rows.get(1).get("parentRunId").asText());
    assertEquals(List.of(B, C), ids(api.json("/v1/runs/" + B + "/related")));
  }

  @Test
  void otherProjectsHaveNoPartInATree() {
    api.run(A, "agent", NOON);
    api.insert(
        "run",
        "project_id",
        QueryTester.SIBLING,
        "id",
        B,
        "type",
        "llm",
        "created_at",
        NOON,
        "parent_run_id",
        A);
    assertEquals(List.of(A), ids(api.json("/v1/runs/" + A + "/related")));
    assertEquals("[]", api.get("/v1/runs/" + B + "/related").body());
  }

  @Test
  void aCircleOfParentsIsATreeFromWhereOneLooks() {
    api.run(A, "agent", "2025-05-01T12:00:00Z", "parent_run_id", B);
    api.run(B, "agent", "2025-05-01T12:00:01Z", "parent_run_id", A);
    JsonNode rows = api.json("/v1/runs/" + A + "/related");
    assertEquals(List.of(A, B), ids(rows));
    assertTrue(rows.get(0).get("parentRunId").isNull());
    assertEquals(A, rows.get(1).get("parentRunId").asText());
  }

  @Test
  void aHugeTreeIsCutToTheRunsNearestToItsRoot() {
    api.run(A, "agent", NOON);
    api.execute(
        "INSERT INTO run (project_id, id, type, created_at, parent_run_id)"
            + " SELECT ?, md5(n::text)::uuid, 'tool', ?::timestamptz + n * interval '1 ms',"
            + " CASE WHEN n <= 100 THEN ?::uuid ELSE md5((n % 100 + 1)::text)::uuid END"
            + " FROM generate_series(1, 20200) n",
        QueryTester.PROJECT, NOON, A);
    JsonNode rows = api.json("/v1/runs/" + A + "/related");
    assertEquals(20_000, rows.size());
    long children = 0;
    for (JsonNode row : rows) {
      children += row.get("parentRunId").asText().equals(A) ? 1 : 0;
    }
    assertEquals(100, children);
  }

  private static List<String> ids(JsonNode rows) {
    List<String> ids = new ArrayList<>();
    rows.forEach(row -> ids.add(row.get("id").asText()));
    return ids;
  }
}
