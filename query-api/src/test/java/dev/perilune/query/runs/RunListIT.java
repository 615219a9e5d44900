package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunListIT extends OnQueryApi {

  @Test
  void anLlmRunIsListedAsTheContractShowsIt() {
    String id = "0b6c2f5e-0a41-4f0e-9d0c-6d0b4e4f7a11";
    String start = "2025-05-01T10:00:00Z";
    api.execute(
        "INSERT INTO external_user (id, project_id, external_id, created_at, last_seen, props)"
            + " OVERRIDING SYSTEM VALUE VALUES (12, ?, 'user-42', '2025-04-01T08:00Z',"
            + " '2025-05-01T10:00Z', '{\"email\": \"jo@acme.io\"}')",
        QueryTester.PROJECT);
    api.execute(
        "INSERT INTO template (id, project_id, slug)"
            + " OVERRIDING SYSTEM VALUE VALUES (3, ?, 'greeting')",
        QueryTester.PROJECT);
    api.execute(
        "INSERT INTO template_version (id, project_id, template_id)"
            + " OVERRIDING SYSTEM VALUE VALUES (7, ?, 3)",
        QueryTester.PROJECT);
    api.run(
        id,
        "llm",
        start,
        "ended_at",
        "2025-05-01T10:00:02.345Z",
        "name",
        "gpt-4o",
        "status",
        "success",
        "feedback",
        "{\"thumb\": \"up\"}",
        "template_version_id",
        "7",
        "cost",
        "0.0001675000",
        "prompt_tokens",
        "11",
        "completion_tokens",
        "14",
        "tags",
        "{demo}",
        "metadata",
        "{\"tenant\": \"acme\"}",
        "external_user_id",
        "12");
    api.payload(
        id,
        start,
        "input",
        "[{\"role\":\"user\",\"content\":\"Hello world!\"}]",
        "output",
        "{\"role\":\"assistant\",\"content\":\"Hello. How are you?\"}",
        "params",
        "{\"temperature\":0.5,\"maxTokens\":100}");
    api.insert(
        "run_score",
        "project_id",
        QueryTester.PROJECT,
        "run_id",
        id,
        "label",
        "accuracy",
        "value",
        "0.95");

    assertEquals(
        """
        {"page":0,"limit":1,"data":[{\
        "id":"0b6c2f5e-0a41-4f0e-9d0c-6d0b4e4f7a11",\
        "projectId":"22222222-2222-4222-8222-222222222222",\
        "isPublic":false,"feedback":{"thumb":"up"},"parentFeedback":null,"feedbacks":null,\
        "type":"llm","name":"gpt-4o",\
        "createdAt":"2025-05-01T10:00:00.000Z","endedAt":"2025-05-01T10:00:02.345Z",\
        "duration":"00:00:02.345",\
        "templateVersionId":7,"templateSlug":"greeting","cost":0.0001675,\
        "tokens":{"prompt":11,"cachedPrompt":0,"completion":14,"total":25},\
        "toxicity":{"input":{"isToxic":null,"labels":null},\
        "output":{"isToxic":null,"labels":null}},\
        "tags":["demo"],\
        "input":{"role":"user","content":"Hello world!","enrichments":[]},\
        "output":{"role":"assistant","content":"Hello. How are you?","enrichments":[]},\
        "error":null,"status":"success",\
        "params":{"temperature":0.5,"maxTokens":100},"metadata":{"tenant":"acme"},\
        "user":{"id":12,"externalId":"user-42","createdAt":"2025-04-01T08:00:00.000Z",\
        "lastSeen":"2025-05-01T10:00:00.000Z","props":{"email":"jo@acme.io"}},\
        "scores":[{"label":"accuracy","value":0.95,"comment":null}],\
        "parentRunId":null}],\
        "nextCursor":"c3RhcnQtZGVzY3wyMDI1LTA1LTAxVDEwOjAwWnwwYjZjMmY1ZS0wYTQxLTRmMGUtOWQwYy02ZDBiNGU0ZjdhMTE"}\
        """,
        api.get("/v1/runs?type=llm&limit=1").body());
  }

  @Test
  void aBareRunShowsNullsAndEmptyObjects() {
    api.run(A, "llm", NOON, "started", "false");
    JsonNode run = api.json("/v1/runs").path("data").get(0);
    for (String field : List.of("name", "endedAt", "duration", "cost", "tags", "input", "output")) {
      assertTrue(run.get(field).isNull(), field);
    }
    for (String field : List.of("error", "status", "metadata", "user", "templateSlug")) {
      assertTrue(run.get(field).isNull(), field);
    }
    assertEquals("{}", run.get("params").toString());
    assertEquals("[]", run.get("scores").toString());
    assertEquals(
        "{\"prompt\":null,\"cachedPrompt\":0,\"completion\":null,\"total\":0}",
        run.get("tokens").toString());
    for (String absent : List.of("siblingRunId", "firstMessage", "messagesCount", "traceId")) {
      assertFalse(run.has(absent), absent);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2025-05-01T12:00:02.345Z, 00:00:02.345",
    "2025-05-01T12:00:00.009Z, 00:00:00.009",
    "2025-05-01T12:00:02Z, 00:00:02",
    "2025-05-02T15:04:05.678Z, 1 day 03:04:05.678",
    "2025-06-30T12:00:00Z, 60 days",
    "2025-05-01T11:59:55Z, -00:00:05",
    "2025-05-01T12:00:00.123456Z, 00:00:00.123456",
    "2025-05-01T12:00:00Z, 00:00:00"
  })
  void durationIsTheIntervalTextOfPostgres(String endedAt, String duration) {
    api.run(A, "llm", NOON, "ended_at", endedAt);
    assertEquals(duration, api.json("/v1/runs").at("/data/0/duration").asText());
  }

  @Test
  void listsAreLlmRunsNewestFirstUnlessAFilterSaysOtherwise() {
    api.run(A, "llm", "2025-05-01T10:00:00Z");
    api.run(B, "llm", "2025-05-01T11:00:00Z");
    api.run(C, "tool", "2025-05-01T12:00:00Z");
    assertEquals(List.of(B, A), api.ids("/v1/runs"));
    assertEquals(List.of(B, A), api.ids("/v1/runs?models=&undefinedundefined&foo=%zz"));
    assertEquals(List.of(C), api.ids("/v1/runs?type=tool"));
    assertEquals(List.of(C, B, A), api.ids("/v1/runs?OR&type=tool&type=llm"));
    assertEquals(List.of(), api.ids("/v1/runs?type=tool&type=llm"));
  }

  @Test
  void tracesAreAgentsAndChainsAtTheTopOrBelowAChat() {
    api.run(A, "agent", NOON);
    api.run(B, "chain", NOON, "parent_run_id", C, "parent_type", "chat");
    api.run(C, "agent", NOON, "parent_run_id", A, "parent_type", "agent");
    api.run("dddddddd-0000-4000-8000-000000000004", "agent", NOON, "parent_run_id", PENDING);
    api.run("eeeeeeee-0000-4000-8000-000000000005", "llm", NOON);
    assertEquals(
        List.of("dddddddd-0000-4000-8000-000000000004", B, A), api.ids("/v1/runs?type=trace"));
  }

  private static final String PENDING = "ffffffff-0000-4000-8000-00000000000f";

  @Test
  void ordersKeepMissingValuesLastAndBreakTiesById() {
    String d = "dddddddd-0000-4000-8000-000000000004";
    api.run(
        A,
        "llm",
        "2025-05-01T10:00:00Z",
        "ended_at",
        "2025-05-01T10:00:05Z",
        "cost",
        "2",
        "prompt_tokens",
        "10");
    api.run(
        B,
        "llm",
        "2025-05-01T11:00:00Z",
        "ended_at",
        "2025-05-01T11:00:05Z",
        "cost",
        "10",
        "prompt_tokens",
        "3",
        "completion_tokens",
        "4");
    api.run(
        C,
        "llm",
        "2025-05-01T12:00:00Z",
        "ended_at",
        "2025-05-01T12:00:01Z",
        "cost",
        "2",
        "completion_tokens",
        "10");
    api.run(d, "llm", "2025-05-01T12:00:00Z");

    assertEquals(List.of(d, C, B, A), api.ids("/v1/runs"));
    assertEquals(List.of(A, B, C, d), api.ids("/v1/runs?sortField=createdAt"));
    assertEquals(List.of(A, B, C, d), api.ids("/v1/runs?sortField=createdAt&sortDirection=up"));
    assertEquals(List.of(d, C, B, A), api.ids("/v1/runs?sortField=createdAt&sortDirection=desc"));
    assertEquals(List.of(C, A, B, d), api.ids("/v1/runs?sortField=duration&sortDirection=asc"));
    assertEquals(List.of(B, A, C, d), api.ids("/v1/runs?sortField=duration&sortDirection=desc"));
    assertEquals(List.of(B, C, A, d), api.ids("/v1/runs?sortField=cost&sortDirection=desc"));
    assertEquals(List.of(A, C, B, d), api.ids("/v1/runs?sortField=cost"));
    assertEquals(List.of(C, A, B, d), api.ids("/v1/runs?sortField=tokens&sortDirection=desc"));
    assertEquals(List.of(d, C, B, A), api.ids("/v1/runs?sortField=name;DROP&sortDirection=asc"));
  }

  @Test
  void countCountsEveryMatchWhateverThePage() {
    api.run(A, "llm", NOON);
    api.run(B, "llm", NOON);
    api.run(C, "tool", NOON);
    assertEquals("2", api.get("/v1/runs/count?limit=1&page=7").body());
    assertEquals("1", api.get("/v1/runs/count?type=tool").body());
  }

  @Test
  void removedRunsAreNotListed() {
    api.run(A, "llm", NOON, "is_deleted", "true");
    assertEquals(List.of(), api.ids("/v1/runs"));
    assertEquals("0", api.get("/v1/runs/count").body());
  }

  @Test
  void theThreadOfARootFindsItsWholeTraceAndThatOfAnotherRunOnlyTheRun() {
    String named = "{\"threadId\":\"t-1\"}";
    String last = "dddddddd-0000-4000-8000-000000000004";
    api.run(A, "agent", NOON, "metadata", named);
    api.run(B, "llm", NOON, "parent_run_id", A, "parent_type", "agent");
    api.run(
        C,
        "tool",
        NOON,
        "parent_run_id",
        B,
        "parent_type",
        "llm",
        "metadata",
        named.replace("1", "2"));
    api.run(last, "tool", NOON, "parent_run_id", C, "parent_type", "tool");
    api.run("eeeeeeee-0000-4000-8000-000000000005", "llm", NOON);

    assertEquals(Set.of(A, B, C, last), Set.copyOf(api.ids("/v1/runs?metadata=threadId.t-1")));
    assertEquals(List.of(B), api.ids("/v1/runs?type=llm&metadata=threadId.t-1"));
    assertEquals(List.of(C), api.ids("/v1/runs?metadata=threadId.t-2"));
    assertEquals("4", api.get("/v1/runs/count?metadata=threadId.t-1").body());
  }

  @Test
  void otherProjectsRunsAreNotListed() {
    api.insert(
        "run", "project_id", QueryTester.SIBLING, "id", A, "type", "llm", "created_at", NOON);
    api.insert(
        "run", "project_id", QueryTester.FOREIGN, "id", B, "type", "llm", "created_at", NOON);
    assertEquals(List.of(), api.ids("/v1/runs"));
    assertEquals("0", api.get("/v1/runs/count").body());
  }

  @Test
  void childrenAreFoundByEveryIdOfTheirParent() {
    // 9573ca98-… is what my-run-1 derives to
    api.run("9573ca98-4bd9-46cc-a28e-3d5c1e43715d", "agent", NOON);
    api.alias(C, "9573ca98-4bd9-46cc-a28e-3d5c1e43715d", NOON);
    api.run(
        A, "llm", "2025-05-01T12:00:01Z", "parent_run_id", "9573ca98-4bd9-46cc-a28e-3d5c1e43715d");
    api.run(B, "llm", "2025-05-01T12:00:02Z", "parent_run_id", C);
    assertEquals(List.of(B, A), api.ids("/v1/runs?parentRunId=my-run-1"));
    assertEquals(List.of(B, A), api.ids("/v1/runs?type=llm&parentRunId=" + C.toUpperCase()));
    assertEquals("2", api.get("/v1/runs/count?parentRunId=my-run-1").body());
    assertEquals(
        "9573ca98-4bd9-46cc-a28e-3d5c1e43715d",
        api.json("/v1/runs").at("/data/0/parentRunId").asText());
    assertEquals(List.of(), api.ids("/v1/runs?parentRunId=nobody"));
  }

  @Test
  void typeLlmShortensAndItsDefaultDoesNot() {
    String text = "x".repeat(150);
    String message = "{\"role\":\"user\",\"content\":\"" + text + "\"}";
    api.run(A, "llm", NOON);
    api.payload(A, NOON, "input", "[1," + message + "]", "output", message);
    JsonNode whole = api.json("/v1/runs").at("/data/0");
    assertEquals(2, whole.path("input").size());
    assertEquals(text, whole.at("/output/content").asText());
    JsonNode shortened = api.json("/v1/runs?type=llm").at("/data/0");
    assertEquals("x".repeat(100), shortened.at("/input/content").asText());
    assertEquals("x".repeat(100), shortened.at("/output/content").asText());
    assertEquals(2, api.json("/v1/runs?type=llm&type=llm").at("/data/0/input").size());
  }
}
