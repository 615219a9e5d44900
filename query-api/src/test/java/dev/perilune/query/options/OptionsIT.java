package dev.perilune.query.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.runs.QueryTester;
import dev.perilune.testkit.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String USER_42 =
      """
      {"id":8,"createdAt":"2025-04-01T08:00:00.000Z",\
      "projectId":"22222222-2222-4222-8222-222222222222","externalId":"user-42",\
      "lastSeen":"2025-05-01T10:00:00.000Z","props":{"age":3,"email":"jo@acme.io"}}\
      """;

  private static QueryTester api;

  @BeforeAll
  static void start() {
    api = new QueryTester(POSTGRES.settings());
    run(1, QueryTester.PROJECT, "llm", "gpt-4o", "{b,a}", "false");
    run(2, QueryTester.PROJECT, "llm", "claude-3-5-sonnet", "{a}", "false");
    run(3, QueryTester.PROJECT, "llm", "gone", "{gone}", "true");
    run(4, QueryTester.PROJECT, "tool", "a tool", "{}", "false");
    run(5, QueryTester.PROJECT, "custom-event", "open-document", "{}", "false");
    run(6, QueryTester.FOREIGN, "llm", "foreign", "{foreign}", "false");
    api.execute("SELECT rollup_add(1, project_id, array_agg(id)) FROM run GROUP BY project_id");
    for (String key : List.of("tenant", "step_1")) {
      api.insert("metadata_key", "project_id", QueryTester.PROJECT, "type", "llm", "key", key);
    }
    api.insert("metadata_key", "project_id", QueryTester.PROJECT, "type", "chain", "key", "num");
    api.insert("metadata_key", "project_id", QueryTester.PROJECT, "type", "tool", "key", "tenant");
    api.insert("metadata_key", "project_id", QueryTester.FOREIGN, "type", "llm", "key", "foreign");
    users();
    api.insert("template", "project_id", QueryTester.PROJECT, "slug", "greeting");
    api.insert("template", "project_id", QueryTester.PROJECT, "slug", "bye");
    api.insert("template", "project_id", QueryTester.FOREIGN, "slug", "foreign");
    result(1, "topics", "{\"input\":[[{\"topic\":\"support\"}]],\"output\":[null]}");
    result(2, "topics", "{\"input\":[null],\"output\":[[{\"topic\":\"billing\"}]]}");
    result(3, "topics", "{\"input\":[[{\"topic\":\"gone\"}]],\"output\":[null]}");
    result(1, "intent", "{\"input\":[{\"intents\":[{\"label\":\"Refund\"},{\"label\":\"Ask\"}]}]}");
  }

  @AfterAll
  static void stop() throws Exception {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "models|[\"claude-3-5-sonnet\",\"gpt-4o\"]",
        "tags|[\"a\",\"b\"]",
        "metadata|[\"num\",\"step_1\",\"tenant\"]",
        "metadata?type=llm|[\"step_1\",\"tenant\"]",
        "metadata?type=trace|[\"num\"]",
        "metadata?type=nothing|[]",
        "custom-events|[{\"label\":\"open-document\",\"value\":\"open-document\"}]",
        "topics|[\"billing\",\"support\"]",
        "intents|[\"Ask\",\"Refund\"]",
        "user-props/keys|[{\"label\":\"age\",\"value\":\"age\"},"
            + "{\"label\":\"email\",\"value\":\"email\"},{\"label\":\"plan\",\"value\":\"plan\"}]",
        "user-props/keys?search=AI|[{\"label\":\"email\",\"value\":\"email\"}]",
        "user-props/keys?limit=1|[{\"label\":\"age\",\"value\":\"age\"}]",
        "user-props/values?key=plan|[{\"label\":\"pro\",\"value\":\"pro\"},"
            + "{\"label\":\"true\",\"value\":\"true\"},{\"label\":\"null\",\"value\":\"null\"}]",
        "user-props/values?key=age|[{\"label\":\"3\",\"value\":\"3\"}]",
        "user-props/values?key=plan&limit=1|[{\"label\":\"pro\",\"value\":\"pro\"}]",
        "user-props/values?key=nothing|[]",
      })
  void valuesAreThoseOfTheProject(String route, String expected) {
    assertEquals(expected, api.get("/v1/filters/" + route).body());
  }

  @Test
  void templatesAreOfferedBySlug() {
    String body = api.get("/v1/filters/templates").body();
    assertTrue(
        body.matches(
            "\\[\\{\"value\":\\d+,\"label\":\"bye\"},\\{\"value\":\\d+,\"label\":\"greeting\"}]"),
        body);
  }

  @Test
  void usersAreFoundByIdAndUsualProperties() {
    assertEquals("[" + USER_42 + "]", api.get("/v1/filters/users?search=ACME").body());
    assertEquals("[" + USER_42 + "]", api.get("/v1/filters/users?search=R-42").body());
    assertEquals(3, api.json("/v1/filters/users").size());
    assertEquals(4, api.json("/v1/filters/users?limit=10").size());
    assertEquals(
        "user-9", api.json("/v1/filters/users?limit=3&page=1").at("/0/externalId").asText());
    assertEquals("[]", api.get("/v1/filters/users?search=%25").body());
    assertEquals("[]", api.get("/v1/filters/users?search=foreign").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "users?limit=x",
        "users?page=-1",
        "user-props/keys?limit=1001",
        "user-props/values?x"
      })
  void unusableParametersAreRefused(String route) {
    assertEquals(422, api.get("/v1/filters/" + route).status());
  }

  @Test
  void onlyThePrivateKeyOpensThem() {
    for (String route :
        List.of(
            "models",
            "tags",
            "metadata",
            "users",
            "user-props/keys",
            "user-props/values",
            "templates",
            "custom-events",
            "topics",
            "intents")) {
      assertEquals(401, api.getAnonymously("/v1/filters/" + route).status(), route);
      assertEquals(401, api.get("/v1/filters/" + route, QueryTester.PROJECT).status(), route);
    }
    assertEquals(404, api.get("/v1/filters/other").status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"text\":\"\"}|\"text\":[\"String must contain at least 1 character(s)\"]",
        "{}|\"text\":[\"Required\"]",
        "{\"text\":5}|\"text\":[\"Expected string, received number\"]",
        "{\"text\":\"x\",\"type\":\"chat\"}|\"type\":[\"Invalid enum value. Expected 'llm' |",
        "{\"text\":\"x\",\"type\":null}|\"type\":[\"Expected 'llm'",
        "[]|\"formErrors\":[\"Expected object, received array\"]",
      })
  void wordsThatAreNoneAreABadRequest(String body, String part) {
    QueryTester.Reply reply = api.post("/v1/filters/natural-language", body);
    assertEquals(400, reply.status());
    assertTrue(reply.body().contains(part), reply.body());
  }

  @Test
  void wordsNeedAModelToUnderstandThem() {
    assertEquals(
        "{\"error\":{\"formErrors\":[],\"fieldErrors\":{\"text\":"
            + "[\"String must contain at least 1 character(s)\"]}}}",
        api.post("/v1/filters/natural-language", "{\"text\":\"\"}").body());
    QueryTester.Reply reply =
        api.post("/v1/filters/natural-language", "{\"text\":\"errors\",\"type\":\"trace\"}");
    assertEquals(503, reply.status());
    assertTrue(reply.body().startsWith("{\"error\":\"AI filter failed\",\"message\":"));
    assertEquals(400, api.post("/v1/filters/natural-language", "{").status());
  }

  private static void users() {
    user(QueryTester.PROJECT, "8", "user-42", "{\"age\": 3, \"email\": \"jo@acme.io\"}");
    user(QueryTester.PROJECT, "9", "user-43", "{\"plan\": \"pro\"}");
    user(QueryTester.PROJECT, "10", "user-44", "{\"plan\": null}");
    user(QueryTester.PROJECT, "11", "user-9", "{\"plan\": true}");
    user(QueryTester.FOREIGN, "12", "foreign", "{\"foreign\": 1}");
  }

  private static void user(String project, String id, String externalId, String props) {
    api.execute(
        "INSERT INTO external_user (project_id, id, external_id, props, created_at, last_seen)"
            + " OVERRIDING SYSTEM VALUE"
            + " VALUES (?, ?, ?, ?, '2025-04-01T08:00:00Z', '2025-05-01T10:00:00Z')",
        project,
        id,
        externalId,
        props);
  }

  private static String id(int number) {
    return "%08d-0000-4000-8000-000000000000".formatted(number);
  }

  private static void run(
      int number, String project, String type, String name, String tags, String deleted) {
    api.insert(
        "run",
        "project_id",
        project,
        "id",
        id(number),
        "type",
        type,
        "name",
        name,
        "tags",
        tags,
        "is_deleted",
        deleted,
        "created_at",
        "2025-05-01T10:00:00Z");
  }

  private static void result(int run, String type, String result) {
    api.execute(
        "WITH made AS (INSERT INTO evaluator (project_id, name, slug, type) VALUES (?, ?, ?, ?)"
            + " RETURNING project_id, id)"
            + " INSERT INTO evaluation_result_v2 (project_id, evaluator_id, run_id, result)"
            + " SELECT project_id, id, ?::uuid, ?::jsonb FROM made",
        QueryTester.PROJECT,
        type,
        type,
        type,
        id(run),
        result);
  }
}
