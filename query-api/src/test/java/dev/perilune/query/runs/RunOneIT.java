package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOneIT extends OnQueryApi {

  @Test
  void oneRunHasItsOwnFieldsInOrder() {
    api.run(A, "llm", NOON, "sibling_run_id", B);
    List<String> fields = new ArrayList<>();
    JsonNode run = api.json("/v1/runs/" + A);
    run.fieldNames().forEachRemaining(fields::add);
    assertEquals(
        List.of(
            "id",
            "projectId",
            "isPublic",
            "feedback",
            "parentFeedback",
            "type",
            "name",
            "createdAt",
            "endedAt",
            "duration",
            "templateVersionId",
            "templateSlug",
            "cost",
            "tokens",
            "toxicity",
            "tags",
            "input",
            "output",
            "error",
            "status",
            "siblingRunId",
            "params",
            "metadata",
            "user",
            "traceId",
            "scores",
            "parentRunId"),
        fields);
    assertEquals("{\"input\":{},\"output\":{}}", run.get("toxicity").toString());
    assertTrue(run.get("traceId").isNull());
  }

  @Test
  void theWholeInputAndOutputAreShown() {
    String text = "x".repeat(150);
    api.run(A, "llm", NOON);
    api.payload(
        A,
        NOON,
        "input",
        "{\"input\":[{\"content\":\"" + text + "\"},7,\"a\"]}",
        "output",
        "{\"output\":{\"n\":1e400,\"big\":12345678901234567890.10}}",
        "error",
        "{\"message\":\"m\",\"stack\":\"\\ud800\\u0000\"}",
        "params",
        "{\"tools\":\"[{'a': None}]\"}");
    String body = api.get("/v1/runs/" + A + "?type=llm").body();
    assertTrue(
        body.contains("\"input\":[{\"content\":\"" + text + "\",\"enrichments\":[]},7,\"a\"],"));
    assertTrue(
        body.contains(
            "\"output\":{\"n\":1e400,\"big\":12345678901234567890.10,\"enrichments\":[]}"),
        body);
    assertTrue(
        body.contains(
            "\"error\":{\"message\":\"m\",\"stack\":\"\\ud800\\u0000\",\"enrichments\":[]}"),
        body);
    assertTrue(body.contains("\"params\":{\"tools\":[{\"a\":null}]}"), body);
  }

  @Test
  void aRunOfAnyProjectOfTheOrganisationIsShown() {
    api.insert(
        "run", "project_id", QueryTester.SIBLING, "id", A, "type", "llm", "created_at", NOON);
    assertEquals(QueryTester.SIBLING, api.json("/v1/runs/" + A).get("projectId").asText());
    api.run(A, "llm", NOON);
    assertEquals(QueryTester.PROJECT, api.json("/v1/runs/" + A).get("projectId").asText());
  }

  @Test
  void aRunOfTodayIsFoundAsOneOfLongAgoIs() {
    String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    api.run(A, "agent", NOON, "feedback", "{\"thumb\": \"up\"}");
    api.run(B, "llm", now, "parent_run_id", A, "parent_type", "agent");
    api.alias(C, B, now);
    api.insert(
        "run", "project_id", QueryTester.SIBLING, "id", B, "type", "tool", "created_at", NOON);
    JsonNode run = api.json("/v1/runs/" + B);
    assertEquals(now, run.get("createdAt").asText());
    assertEquals(QueryTester.PROJECT, run.get("projectId").asText());
    assertEquals(A, run.get("traceId").asText());
    assertEquals("{\"thumb\":\"up\"}", run.get("parentFeedback").toString());
    assertEquals(run, api.json("/v1/runs/" + C));
    assertEquals(A, api.json("/v1/runs/" + A).get("id").asText());
  }

  @Test
  void aForeignRunIsUnknown() {
    api.insert(
        "run", "project_id", QueryTester.FOREIGN, "id", A, "type", "llm", "created_at", NOON);
    for (String path : List.of("", "/feedback")) {
      var reply = api.get("/v1/runs/" + A + path);
      assertEquals(404, reply.status());
      assertEquals("{\"message\":\"Run not found\"}", reply.body());
    }
    assertEquals("[]", api.get("/v1/runs/" + A + "/related").body());
  }

  @Test
  void removedRunsAreStillShown() {
    api.run(A, "llm", NOON, "is_deleted", "true");
    assertEquals(A, api.json("/v1/runs/" + A).get("id").asText());
  }

  @Test
  void whatOthersSawOfARunThatHasNotComeIsNoRunAndNoParent() {
    api.run(A, "supplement", NOON, "is_deleted", "true", "started", "false");
    api.run(B, "llm", NOON, "parent_run_id", A);

    String below = "cccccccc-0000-4000-8000-000000000003";
    api.run(below, "tool", NOON, "parent_run_id", B);

    assertEquals(404, api.get("/v1/runs/" + A).status());
    assertEquals(B, api.json("/v1/runs/" + below).get("traceId").asText());
  }

  @Test
  void scoresFollowEveryIdOfTheRunAndTheLatestWins() {
    api.run(A, "chat", NOON);
    api.insert("run_alias", "project_id", QueryTester.PROJECT, "id", B, "run_id", A);
    api.insert(
        "run_score",
        "project_id",
        QueryTester.PROJECT,
        "run_id",
        A,
        "label",
        "x",
        "value",
        "1",
        "updated_at",
        "2025-05-01T10:00:00Z");
    api.insert(
        "run_score",
        "project_id",
        QueryTester.PROJECT,
        "run_id",
        B,
        "label",
        "x",
        "value",
        "\"good\"",
        "comment",
        "later",
        "updated_at",
        "2025-05-01T11:00:00Z");
    api.insert(
        "run_score", "project_id", QueryTester.PROJECT, "run_id", A, "label", "b", "value", "true");
    assertEquals(
        "[{\"label\":\"b\",\"value\":true,\"comment\":null},"
            + "{\"label\":\"x\",\"value\":\"good\",\"comment\":\"later\"}]",
        api.json("/v1/runs/" + A).get("scores").toString());
  }

  @Test
  void templateVersionsOfOtherProjectsAreNotShown() {
    api.execute(
        "WITH t AS (INSERT INTO template (project_id, slug) VALUES (?, 'secret') RETURNING id)"
            + " INSERT INTO template_version (id, project_id, template_id)"
            + " OVERRIDING SYSTEM VALUE SELECT 70, ?, id FROM t",
        QueryTester.FOREIGN,
        QueryTester.FOREIGN);
    api.run(A, "llm", NOON, "template_version_id", "70");
    JsonNode run = api.json("/v1/runs/" + A);
    assertTrue(run.get("templateVersionId").isNull());
    assertTrue(run.get("templateSlug").isNull());
  }

  @Test
  void traceIdIsTheTopmostAncestorThatIsThere() {
    api.run(A, "agent", NOON, "parent_run_id", "ffffffff-0000-4000-8000-00000000000f");
    api.run(B, "tool", NOON, "parent_run_id", A, "parent_type", "agent");
    api.insert(
        "run_alias",
        "project_id",
        QueryTester.PROJECT,
        "id",
        "eeeeeeee-0000-4000-8000-00000000000e",
        "run_id",
        B);
    api.run(
        C,
        "llm",
        NOON,
        "parent_run_id",
        "eeeeeeee-0000-4000-8000-00000000000e",
        "parent_type",
        "tool");
    assertEquals(A, api.json("/v1/runs/" + C).get("traceId").asText());
    assertEquals(B, api.json("/v1/runs/" + C).get("parentRunId").asText());
    assertTrue(api.json("/v1/runs/" + A).get("traceId").isNull());
  }

  @Test
  void circlesOfParentsEnd() {
    api.run(A, "agent", NOON, "parent_run_id", B, "parent_type", "agent");
    api.run(B, "agent", NOON, "parent_run_id", A, "parent_type", "agent");
    api.run(C, "agent", NOON, "parent_run_id", C, "parent_type", "agent");
    assertEquals(B, api.json("/v1/runs/" + A).get("traceId").asText());
    assertTrue(api.json("/v1/runs/" + C).get("traceId").isNull());
    assertEquals(3, api.json("/v1/runs?type=agent").get("data").size());
  }

  @Test
  void feedbackOfTheNearestAncestorIsInherited() {
    api.run(A, "thread", NOON, "feedback", "{\"thumb\": \"down\"}");
    api.run(B, "agent", NOON, "parent_run_id", A, "parent_type", "thread");
    api.run(C, "llm", NOON, "parent_run_id", B, "parent_type", "agent");
    assertEquals(
        "{\"thumb\":\"down\"}", api.json("/v1/runs/" + C).get("parentFeedback").toString());
    assertEquals(
        "{\"thumb\":\"down\"}", api.json("/v1/runs").at("/data/0/parentFeedback").toString());
    assertTrue(api.json("/v1/runs/" + A).get("parentFeedback").isNull());
  }

  @Test
  void feedbackReadIsOpenToThePublicKeyOfItsProjectOnly() {
    api.run(A, "llm", NOON, "feedback", "{\"thumb\": \"up\", \"comment\": \"a b\"}");
    api.run(B, "llm", NOON);
    String path = "/v1/runs/" + A + "/feedback";
    assertEquals(
        "{\"thumb\":\"up\",\"comment\":\"a b\"}", api.get(path, QueryTester.PROJECT).body());
    var none = api.get("/v1/runs/" + B + "/feedback", QueryTester.PROJECT);
    assertEquals(200, none.status());
    assertEquals("null", none.body());
    assertEquals("application/json; charset=utf-8", none.headers().get("Content-Type"));
    assertEquals(404, api.get(path, QueryTester.SIBLING).status());
    assertEquals(404, api.get(path, QueryTester.FOREIGN).status());
    assertEquals(401, api.getAnonymously(path).status());
    assertEquals(404, api.get("/v1/runs/nobody/feedback").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/related"})
  void onlyAPrivateKeyOpensARun(String path) {
    api.run(A, "llm", NOON);
    assertEquals(401, api.getAnonymously("/v1/runs/" + A + path).status());
    assertEquals(401, api.get("/v1/runs/" + A + path, QueryTester.PROJECT).status());
    assertEquals(401, api.get("/v1/runs/" + A + path, QueryTester.ORG_KEY).status());
  }

  @Test
  void versionAndBannerNeedAKey() {
    assertFalse(api.json("/v1/version").get("version").asText().contains("$"));
    assertEquals("Perilune API v1", api.get("/v1").body());
    assertEquals("Perilune API v1", api.get("/v1/").body());
    assertEquals(401, api.getAnonymously("/v1").status());
    assertEquals(401, api.getAnonymously("/v1/version").status());
    assertEquals("{\"status\":\"OK\"}", api.getAnonymously("/v1/health").body());
  }
}
