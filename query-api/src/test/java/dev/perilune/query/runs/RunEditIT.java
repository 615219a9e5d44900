package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.model.RunIds;
import dev.perilune.query.runs.QueryTester.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changing runs. */
class RunEditIT extends OnQueryApi {
  private static final String RUN = "/v1/runs/" + A;
  private static final String FOLD = "{\"s\":[1746100800000000,0,7]}";

  @Test
  void feedbackIsLaidOverWhatIsThere() {
    stored(A, "llm", "feedback", "{\"thumb\":\"down\",\"other\":1}");

    assertEquals("{}", changed("feedback", "{\"thumb\":\"up\",\"unknown\":true}"));
    assertEquals("{}", changed("feedback", "{\"comment\":null}"));

    assertEquals(
        QueryTester.tree("{\"thumb\":\"up\",\"other\":1,\"comment\":null}"),
        api.json(RUN + "/feedback"));
  }

  @Test
  void feedbackOfNothingChangesNothing() {
    stored(A, "llm");

    changed("feedback", "{}");
    changed("feedback", "");

    assertEquals("null", api.get(RUN + "/feedback").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"thumb\":null}", "{\"thumb\":\"down\",\"comment\":\"Héllo ☾\"}"})
  void feedbackMayBeTakenBackOrExplained(String body) {
    stored(A, "llm", "feedback", "{\"thumb\":\"up\"}");

    changed("feedback", body);

    JsonNode feedback = api.json(RUN + "/feedback");
    QueryTester.tree(body)
        .properties()
        .forEach(field -> assertEquals(field.getValue(), feedback.get(field.getKey())));
  }

  @Test
  void publicKeysAndNobodyAreForbiddenToJudge() {
    stored(A, "llm");

    for (String key : List.of("", QueryTester.PROJECT)) {
      Reply reply = api.call("PATCH", RUN + "/feedback", key, "{\"thumb\":\"up\"}");

      assertEquals(403, reply.status());
      assertEquals(
          "{\"error\":\"Forbidden\",\"message\":\"You don't have access to this resource\"}",
          reply.body());
    }
    assertEquals("null", api.get(RUN + "/feedback").body());
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /score",
    "PATCH, /tags",
    "PATCH, /visibility",
    "DELETE, ''",
  })
  void otherChangesTakeAPrivateKey(String method, String part) {
    assertEquals(401, api.call(method, RUN + part, "", "").status());
    assertEquals(401, api.call(method, RUN + part, QueryTester.PROJECT, "").status());
    assertEquals(401, api.call(method, RUN + part, QueryTester.ORG_KEY, "").status());
    assertEquals(401, api.call(method, RUN + part, UUID.randomUUID().toString(), "").status());
  }

  @Test
  void aScoreIsGivenOnceALabel() {
    stored(A, "llm");

    changed("score", "{\"label\":\"accuracy\",\"value\":0.5,\"comment\":\"so so\"}");
    changed("score", "{\"label\":\"accuracy\",\"value\":0.95}");
    changed("score", "{\"label\":\"kind\",\"value\":\"good\"}");
    changed("score", "{\"label\":\"safe\",\"value\":true}");

    assertEquals(
        QueryTester.tree(
            """
            [{"label":"accuracy","value":0.95,"comment":null},
             {"label":"kind","value":"good","comment":null},
             {"label":"safe","value":true,"comment":null}]"""),
        api.json(RUN).get("scores"));
  }

  @Test
  void tagsAreReplaced() {
    stored(A, "llm", "tags", "{old}");

    changed("tags", "{\"tags\":[\"b\",\"a\",\"with \\\"quotes\\\", and commas\"]}");
    assertEquals(
        QueryTester.tree("[\"b\",\"a\",\"with \\\"quotes\\\", and commas\"]"),
        api.json(RUN).get("tags"));

    changed("tags", "{\"tags\":null}");
    assertTrue(api.json(RUN).get("tags").isNull());
  }

  @Test
  void figuresFollowTagsAndThumbs() {
    stored(A, "llm", "tags", "{old}");
    api.execute("SELECT rollup_add(1, '" + QueryTester.PROJECT + "', ARRAY['" + A + "'::uuid])");

    changed("tags", "{\"tags\":[\"new\"]}");
    changed("feedback", "{\"thumb\":\"up\"}");

    assertEquals(0, api.number("SELECT sum(runs) FROM rollup_label WHERE label = 'old'"));
    assertEquals(1, api.number("SELECT sum(runs) FROM rollup_label WHERE label = 'new'"));
    assertEquals(1, api.number("SELECT sum(thumbs_up) FROM rollup_run WHERE per = 'day'"));
    assertEquals(1, api.number("SELECT sum(runs) FROM rollup_run WHERE per = 'day'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "feedback|{\"thumb\":\"sideways\"}|Expected 'up' | 'down', or null, received 'sideways' at \"thumb\"",
        "feedback|{\"thumb\":1,\"comment\":2}|received number at \"thumb\"; Expected string, received number at \"comment\"",
        "feedback|{\"comment\":{}}|Expected string, received object at \"comment\"",
        "score|{}|Required at \"label\"; Required at \"value\"",
        "score|{\"label\":1,\"value\":null}|Expected string, received number at \"label\"; Expected number, string or boolean, received null at \"value\"",
        "score|{\"label\":\"\",\"value\":[]}|String must contain at least 1 character(s) at \"label\"; Expected number, string or boolean, received array at \"value\"",
        "score|{\"label\":\"a\",\"value\":1e999}|Number must be finite at \"value\"",
        "score|{\"label\":\"a\\u0000\",\"value\":1,\"comment\":1}|NUL at \"label\"; Expected string, received number at \"comment\"",
        "tags|{}|Validation error: Required at \"tags\"",
        "tags|{\"tags\":\"a\"}|Expected array, received string at \"tags\"",
        "tags|{\"tags\":[\"a\",1,null]}|Expected string, received number at \"tags[1]\"; Expected string, received null at \"tags[2]\"",
        "visibility|{\"visibility\":\"yes\"}|Validation error: Expected boolean, received string at \"visibility\"",
        "visibility|[]|Expected object, received array at \"body\"",
        "visibility|{}|Required at \"visibility\""
      },
      quoteCharacter = '~')
  void everyWrongFieldIsNamed(String part, String body, String message) {
    stored(A, "llm");

    Reply reply = api.patch(RUN + "/" + part, body);

    assertEquals(422, reply.status(), reply.body());
    String text = QueryTester.tree(reply.body()).get("message").asText();
    assertTrue(text.contains(message), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5", "\"text\"", "{\"thumb\":", "[1", "{]", "\u0001"})
  void whatIsNoObjectCannotBeRead(String body) {
    assertEquals(400, api.patch(RUN + "/feedback", body).status());
  }

  @Test
  void anIdIsResolvedAsReadsDo() {
    String derived = RunIds.derive("my run").toString();
    String python = RunIds.pyUuid("other" + QueryTester.PROJECT).toString();
    stored(derived, "llm");
    stored(python, "llm");
    stored(A, "chat");
    api.alias(B, A, NOON);

    for (String id : List.of("my%20run", "other", B)) {
      assertEquals(200, api.patch("/v1/runs/" + id + "/tags", "{\"tags\":[\"t\"]}").status());
    }

    for (String id : List.of(derived, python, A)) {
      assertEquals("[\"t\"]", api.json("/v1/runs/" + id).get("tags").toString(), id);
    }
  }

  @Test
  void whatComesBeforeItsRunIsKeptUntilItComes() {
    assertEquals("{}", changed("score", "{\"label\":\"early\",\"value\":1}"));
    assertEquals("{}", changed("feedback", "{\"thumb\":\"up\"}"));
    assertEquals("{}", changed("tags", "{\"tags\":[\"early\"]}"));
    assertEquals(404, api.get(RUN).status());
    assertEquals(404, api.get(RUN + "/feedback").status());

    stored(A, "llm");

    assertEquals("early", api.json(RUN).get("scores").get(0).get("label").asText());
    assertEquals(
        1,
        api.number(
            "SELECT count(*) FROM run_alias WHERE id = '%s' AND feedback LIKE '%%up%%' AND edits LIKE '%%early%%'"
                .formatted(A)));
  }

  @Test
  void anUnknownRunCanNeitherBeShownNorDeleted() {
    assertEquals(404, api.patch(RUN + "/visibility", "{\"visibility\":true}").status());
    Reply reply = api.delete(RUN);
    assertEquals(404, reply.status());
    assertEquals("{\"message\":\"Not Found\"}", reply.body());
  }

  @Test
  void anotherProjectsRunIsOutOfReach() {
    for (String project : List.of(QueryTester.FOREIGN, QueryTester.SIBLING)) {
      String id = UUID.randomUUID().toString();
      api.insert(
          "run", "project_id", project, "id", id, "type", "llm", "created_at", NOON, "tags", "{x}");

      api.patch("/v1/runs/" + id + "/feedback", "{\"thumb\":\"up\"}");
      api.patch("/v1/runs/" + id + "/tags", "{\"tags\":[\"y\"]}");
      api.patch("/v1/runs/" + id + "/score", "{\"label\":\"a\",\"value\":1}");
      int shown = api.patch("/v1/runs/" + id + "/visibility", "{\"visibility\":true}").status();
      int deleted = api.delete("/v1/runs/" + id).status();

      assertEquals(404, shown);
      assertEquals(404, deleted);
      assertEquals(
          1,
          api.number(
              "SELECT count(*) FROM run WHERE id = '%s' AND feedback IS NULL AND tags = '{x}' AND NOT is_public"
                  .formatted(id)));
      assertEquals(
          0,
          api.number("SELECT count(*) FROM run_score WHERE project_id = '%s'".formatted(project)));
    }
  }

  @Test
  void aRunIsPublicWhileItsProjectSaysSo() {
    api.insert(
        "external_user",
        "project_id",
        QueryTester.PROJECT,
        "external_id",
        "jo",
        "created_at",
        NOON,
        "last_seen",
        NOON,
        "props",
        "{\"email\":\"jo@acme.io\"}");
    stored(A, "llm", "external_user_id", "" + api.number("SELECT max(id) FROM external_user"));
    Reply hidden = api.getAnonymously(RUN + "/public");
    assertEquals(404, hidden.status());
    assertEquals("{\"message\":\"Run not found. It might not be public.\"}", hidden.body());

    changed("visibility", "{\"visibility\":true}");

    JsonNode run = QueryTester.tree(api.getAnonymously(RUN + "/public").body());
    assertEquals(A, run.get("id").asText());
    assertTrue(run.get("isPublic").asBoolean());
    assertEquals("jo", run.get("user").get("externalId").asText());
    assertFalse(run.get("user").has("props"));
    assertFalse(run.has("scores"));
    assertEquals("{\"input\":{},\"output\":{}}", run.get("toxicity").toString());
    assertEquals(200, api.get(RUN + "/public", QueryTester.PROJECT).status());

    changed("visibility", "{\"visibility\":false}");
    assertEquals(404, api.getAnonymously(RUN + "/public").status());
  }

  @Test
  void everyChangeIsInTheAuditLog() {
    stored(A, "llm");
    stored(B, "agent");
    stored(C, "thread");

    changed("feedback", "{\"thumb\":\"up\"}");
    changed("visibility", "{\"visibility\":true}");
    changed("tags", "{\"tags\":null}");
    changed("score", "{\"label\":\"a\",\"value\":1}");
    api.patch("/v1/runs/" + B + "/feedback", "{\"thumb\":\"up\"}");
    api.delete("/v1/runs/" + B);
    api.delete("/v1/runs/" + C);
    api.patch(RUN + "/tags", "{}");

    List<String> deeds = new ArrayList<>();
    api.json("/v1/audit-logs?extended=true")
        .forEach(
            entry ->
                deeds.add(
                    "%s %s %s"
                        .formatted(
                            entry.get("resourceType").asText(),
                            entry.get("action").asText(),
                            entry.get("resourceId").asText())));
    assertEquals(
        List.of(
            "conversation delete " + C,
            "trace delete " + B,
            "trace add_feedback " + B,
            "llm_log add_score " + A,
            "llm_log update_tags " + A,
            "llm_log make_public " + A,
            "llm_log add_feedback " + A),
        deeds);
    JsonNode entry = api.json("/v1/audit-logs").get(0);
    assertEquals("API key", entry.get("userName").asText());
    assertEquals("one", entry.get("projectName").asText());
    assertEquals("127.0.0.1", entry.get("ipAddress").asText());
  }

  @Test
  void deletingTakesAllBelowAndAllThatBelongs() {
    stored(A, "agent");
    stored(B, "tool", "parent_run_id", A);
    stored(C, "llm", "parent_run_id", B);
    String other = UUID.randomUUID().toString();
    stored(other, "llm");
    changed("score", "{\"label\":\"a\",\"value\":1}");
    api.execute("SELECT rollup_add(1, project_id, array_agg(id)) FROM run GROUP BY project_id");
    logLine("run_id", C);
    logLine("parent_run_id", A);
    logLine("parent_run_id", other);
    letter("{\"runId\":\"" + C + "\"}");
    letter("{\"runId\":\"" + other + "\"}");

    assertEquals("{}", api.delete(RUN).body());

    for (String id : List.of(A, B, C)) {
      assertEquals(404, api.get("/v1/runs/" + id).status(), id);
    }
    assertEquals(200, api.get("/v1/runs/" + other).status());
    assertEquals(1, api.number("SELECT count(*) FROM run_payload"));
    assertEquals(0, api.number("SELECT count(*) FROM run_score"));
    assertEquals(1, api.number("SELECT count(*) FROM log_line"));
    assertEquals(1, api.number("SELECT count(*) FROM dead_letter"));
    assertEquals(1, api.number("SELECT sum(runs) FROM rollup_run WHERE per = 'hour'"));
    assertEquals(404, api.delete(RUN).status());
    assertEquals(404, api.patch(RUN + "/tags", "{\"tags\":[]}").status());
  }

  @Test
  void deletingTakesAUuid() {
    Reply reply = api.delete("/v1/runs/hello");

    assertEquals(422, reply.status());
    assertTrue(reply.body().contains("Validation error: Invalid uuid at \\\"id\\\""), reply.body());
  }

  @Test
  void aTreeWithThousandsOfRunsIsDeletedWhole() {
    stored(A, "agent");
    api.execute(
        """
        INSERT INTO run (project_id, id, created_at, type, parent_run_id)
        SELECT '%s', gen_random_uuid(), '%s', 'llm', '%s' FROM generate_series(1, 2500)
        """
            .formatted(QueryTester.PROJECT, NOON, A));

    assertEquals(200, api.delete(RUN).status());

    assertEquals(0, api.number("SELECT count(*) FROM run"));
    assertEquals(2501, api.number("SELECT count(*) FROM run_tombstone"));
  }

  private void logLine(String column, String id) {
    api.insert(
        "log_line",
        "project_id",
        QueryTester.PROJECT,
        "at",
        NOON,
        "tie",
        "" + api.number("SELECT count(*) FROM log_line"),
        "level",
        "info",
        column,
        id);
  }

  private void letter(String record) {
    api.execute(
        "INSERT INTO dead_letter (project_id, source_topic, source_partition, source_offset, reason,"
            + " record) SELECT '%s', 't', 0, count(*), 'r', convert_to(?, 'UTF8') FROM dead_letter"
                .formatted(QueryTester.PROJECT),
        record);
  }

  private void stored(String id, String type, String... columnsAndValues) {
    api.run(id, type, NOON, columnsAndValues);
    api.payload(id, NOON, "fold", FOLD);
  }

  private String changed(String part, String body) {
    Reply reply = api.patch(RUN + "/" + part, body);
    assertEquals(200, reply.status(), reply.body());
    return reply.body();
  }
}
