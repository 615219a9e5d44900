package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.testkit.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOneIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String A = "aaaaaaaa-0000-4000-8000-000000000001";
  private static final String B = "bbbbbbbb-0000-4000-8000-000000000002";
  private static final String C = "cccccccc-0000-4000-8000-000000000003";
  private static final String NOON = "2025-05-01T12:00:00Z";

  private QueryTester api;

  @BeforeEach
  void start() {
    api = new QueryTester(POSTGRES.settings());
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

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
  void clientIdsLeadToTheirRuns() {
    // my-run-1 and r1 as JavaScript, then as Python with the project's id as its key
    String byHash = "9573ca98-4bd9-46cc-a28e-3d5c1e43715d";
    String byPython = "63ff1716-d817-7220-fd41-f40dc8fdd8a7";
    api.run(byHash, "llm", NOON);
    api.run(byPython, "llm", NOON);
    assertEquals(byHash, api.json("/v1/runs/my-run-1").get("id").asText());
    assertEquals(byHash, api.json("/v1/runs/" + byHash.toUpperCase()).get("id").asText());
    assertEquals(byPython, api.json("/v1/runs/r1").get("id").asText());
    assertEquals(404, api.get("/v1/runs/r2").status());
  }

  @Test
  void pythonIdsMadeWithThePrivateKeyLeadToTheirRuns() {
    String id =
        dev.perilune.model.RunIds.pyUuid("r1" + QueryTester.PRIVATE_KEY.toLowerCase()).toString();
    api.run(id, "llm", NOON, "feedback", "{\"thumb\": \"down\"}");
    assertEquals(id, api.json("/v1/runs/r1").get("id").asText());
    assertEquals("{\"thumb\":\"down\"}", api.get("/v1/runs/r1/feedback").body());
  }

  @Test
  void escapedIdsAreReadBeforeTheyAreDerived() {
    // héllo ✓ 世界
    String id = "874fcf1f-31c8-446f-a14c-b1f3f767f21b";
    api.run(id, "llm", NOON);
    assertEquals(
        id, api.json("/v1/runs/h%C3%A9llo%20%E2%9C%93%20%E4%B8%96%E7%95%8C").get("id").asText());
  }

  @Test
  void aliasesLeadToTheirRun() {
    api.run(A, "chat", NOON, "feedback", "{\"thumb\": \"up\"}");
    api.insert("run_alias", "project_id", QueryTester.PROJECT, "id", B, "run_id", A);
    api.insert("run_alias", "project_id", QueryTester.PROJECT, "id", C, "feedback", "{}");
    assertEquals(A, api.json("/v1/runs/" + B).get("id").asText());
    assertEquals("{\"thumb\":\"up\"}", api.get("/v1/runs/" + B + "/feedback").body());
    assertEquals(404, api.get("/v1/runs/" + C).status());
    assertEquals(404, api.get("/v1/runs/" + C + "/feedback").status());
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

  @ParameterizedTest
  @ValueSource(strings = {"%", "%zz", "%00", "%ff", "a%2Fb", "..%2f", "%F0%9F", "'--", "$1"})
  void strangeIdsAreNeverAFault(String id) {
    for (String path : List.of("", "/feedback", "/related")) {
      var reply = api.get("/v1/runs/" + id + path);
      assertTrue(reply.status() < 500, reply.toString());
    }
  }

  @Test
  void wordsOfThePathAreNoIds() {
    for (String word : List.of("usage", "export", "ingest")) {
      assertEquals("{\"message\":\"Not Found\"}", api.get("/v1/runs/" + word).body());
    }
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
