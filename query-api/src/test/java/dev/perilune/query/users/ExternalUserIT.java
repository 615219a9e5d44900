package dev.perilune.query.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.query.runs.QueryTester.Reply;
import dev.perilune.testkit.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The users of a project's applications. */
class ExternalUserIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String USERS = "/v1/external-users";

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
  void aUserHasEveryFieldInItsOrder() {
    long id = user("user-42", 1, "{\"email\":\"jo@acme.io\",\"my_plan\":\"pro\"}");
    run(id, "gpt-4o", "llm", "success", "0.0089975", "2025-05-01T10:00:00Z");

    JsonNode list = api.json(USERS);

    assertEquals(
        QueryTester.tree(
            """
            {"total":1,"page":0,"limit":100,"data":[
              {"id":%d,"createdAt":"2025-04-01T00:00:00.000Z","externalId":"user-42",
               "lastSeen":"2025-05-30T00:00:00.000Z","props":{"email":"jo@acme.io","my_plan":"pro"},
               "cost":0.0089975,"runs":1}]}"""
                .formatted(id)),
        list);
    List<String> names = new ArrayList<>();
    list.get("data").get(0).fieldNames().forEachRemaining(names::add);
    assertEquals(
        List.of("id", "createdAt", "externalId", "lastSeen", "props", "cost", "runs"), names);
  }

  @Test
  void costIsNullWithoutRunsAndZeroWithoutPrices() {
    user("idle", 1, null);
    run(user("free", 2, null), "mine", "llm", "success", null, "2025-05-01T10:00:00Z");

    JsonNode data = api.json(USERS).get("data");

    assertEquals("free", data.get(0).get("externalId").asText());
    assertEquals(0, data.get(0).get("cost").decimalValue().intValueExact());
    assertTrue(data.get(1).get("cost").isNull());
  }

  @ParameterizedTest
  @CsvSource({
    "'', c b a d",
    "?sortDirection=asc, d a b c",
    "?sortField=createdAt&sortDirection=desc, c b a d",
    "?sortField=lastSeen&sortDirection=asc, c b a d",
    "?sortField=cost, b c d a",
    "?sortField=cost&sortDirection=asc, c b a d",
    "?limit=2&page=1, a d",
    "?limit=0, ''",
    "?search=B%40ACME, b",
    "?search=müll, c",
    "?search=%25, ''",
    "?user-props=plan.pro, b",
    "?checks=user-props%3Dplan.pro, b",
    "?user-props=plan.pro&search=a, b",
    "?models=nothing, c b a d",
  })
  void usersAreFoundSortedAndPaged(String query, String expected) {
    run(user("a", 2, "{}"), "x", "llm", "success", null, "2025-05-01T10:00:00Z");
    // no runs: no cost, whatever the order
    execute("UPDATE external_user SET runs = 0, cost = 0");
    long b = user("b", 3, "{\"email\":\"b@acme.io\",\"plan\":\"pro\"}");
    run(b, "x", "llm", "success", "2", "2025-05-01T10:00:00Z");
    run(
        user("c", 4, "{\"name\":\"Frau MÜLLER\"}"),
        "x",
        "llm",
        "success",
        "1",
        "2025-05-01T10:00:00Z");
    user("d", 1, null);

    JsonNode list = api.json(USERS + query.replace("ü", "%C3%BC"));

    List<String> ids = new ArrayList<>();
    list.get("data").forEach(user -> ids.add(user.get("externalId").asText()));
    assertEquals(expected, String.join(" ", ids));
    if (!query.contains("limit")) {
      assertEquals(ids.size(), list.get("total").asInt());
    } else {
      assertEquals(4, list.get("total").asInt());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "models=gpt-4o, 3",
    "models=claude, 4",
    "models=none, null",
    "type=llm, 7",
    "type=trace, 10",
    "OR&models=gpt-4o&models=claude, 7",
    "checks=models%3Dclaude, 4",
    "startDate=2025-05-02T00:00:00.000Z&endDate=2025-05-03T12:00:00.000Z&timeZone=Asia/Tokyo, 14",
    "startDate=2025-05-02T00:00:00.000Z&endDate=2025-05-02T23:59:59.999Z&timeZone=UTC, 4",
    "startDate=2025-05-02T00:00:00.000Z, 17",
    "startDate=2025-05-02T00:00:00.000Z&endDate=2025-05-02T23:59:59.999Z, 17",
    "search=user, 17",
  })
  void filtersAndDatesRestrictTheCostAlone(String query, String cost) {
    long id = user("user", 1, null);
    run(id, "gpt-4o", "llm", "success", "3", "2025-05-01T10:00:00Z");
    run(id, "claude", "llm", "success", "4", "2025-05-02T10:00:00Z");
    run(id, "planner", "agent", "success", "10", "2025-05-03T12:00:00Z");

    JsonNode list = api.json(USERS + "?" + query);

    assertEquals(1, list.get("total").asInt());
    assertEquals(cost, list.get("data").get(0).get("cost").asText());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=2, e d",
    "limit=2&page=1, c a",
    "limit=3&page=1, a b idle",
    "limit=2&sortDirection=asc, a c",
    "limit=9&sortDirection=asc, a c d e idle b",
    "limit=0, ''",
  })
  void whoSpentMostInAWindowComesFirstAndWhoIsGoneLeavesNoGap(String query, String expected) {
    String day = "2025-05-02T10:00:00Z";
    user("idle", 1, null);
    for (String name : List.of("a", "b", "c", "d", "e", "gone")) {
      long id = user(name, 1, null);
      String cost = Map.of("a", "0.5", "c", "3", "d", "3", "e", "7", "gone", "4").get(name);
      run(id, "gpt-4o", "llm", "success", cost, name.equals("b") ? "2025-04-01T00:00:00Z" : day);
    }
    // as while an erasure goes on
    execute("DELETE FROM external_user WHERE external_id = 'gone'");

    JsonNode list =
        api.json(
            USERS
                + "?sortField=cost&startDate=2025-05-01T00:00:00.000Z"
                + "&endDate=2025-05-03T00:00:00.000Z&timeZone=UTC&"
                + query);

    List<String> ids = new ArrayList<>();
    list.get("data").forEach(user -> ids.add(user.get("externalId").asText()));
    assertEquals(expected, String.join(" ", ids));
    assertEquals(6, list.get("total").asInt());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=ten, limit",
    "limit=-1, limit",
    "limit=1001, limit",
    "page=x, page",
    "startDate=2025-05-01T00:00:00%2B02:00, startDate",
    "startDate=yesterday, startDate",
    "endDate=2025-13-01T00:00:00Z, endDate",
    "endDate=%2B999999999-01-01T00:00:00Z, endDate",
    "timeZone=Mars/Olympus, timeZone",
    "sortField=name, sortField",
    "sortDirection=up, sortDirection",
    "search=%zz, search",
    "search=%00, search",
    "cost=wat.1, cost",
  })
  void aMalformedParameterIsNamed(String query, String name) {
    Reply reply = api.get(USERS + "?" + query);

    assertEquals(422, reply.status(), reply.body());
    assertTrue(reply.body().contains("at \\\"" + name), reply.body());
  }

  @Test
  void everyMalformedParameterIsNamedAtOnce() {
    String text = api.get(USERS + "?startDate=a&endDate=b&timeZone=c&sortField=d").body();

    for (String name : List.of("startDate", "endDate", "timeZone", "sortField")) {
      assertTrue(text.contains("\\\"" + name + "\\\""), text);
    }
  }

  @Test
  void oneUserIsFoundByEitherId() {
    long id = user("user-42", 1, "{\"a_b\":1}");

    JsonNode byId = api.json(USERS + "/" + id);

    assertEquals(byId, api.json(USERS + "/user-42"));
    List<String> names = new ArrayList<>();
    byId.fieldNames().forEachRemaining(names::add);
    assertEquals(List.of("id", "createdAt", "projectId", "externalId", "lastSeen", "props"), names);
    assertEquals(404, api.get(USERS + "/" + (id + 1)).status());
    assertEquals(404, api.get(USERS + "/99999999999999999999").status());
    assertEquals(404, api.get(USERS + "/nobody").status());
  }

  @Test
  void anotherProjectsUsersAreNotThere() {
    long id = userOf(QueryTester.FOREIGN, "theirs", 1, "{\"secret_key\":1}");
    userOf(QueryTester.SIBLING, "sibling", 1, null);

    assertEquals(0, api.json(USERS).get("total").asInt());
    assertEquals(404, api.get(USERS + "/" + id).status());
    assertEquals(404, api.get(USERS + "/theirs").status());
    assertEquals("[]", api.get(USERS + "/props/keys").body());
    assertEquals(204, api.delete(USERS + "/" + id).status());
    assertEquals(204, api.delete(USERS + "/theirs").status());
    assertEquals(2, api.number("SELECT count(*) FROM external_user"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/1", "/runs/usage", "/props/keys", "/1/erasure"})
  void usersTakeAPrivateKey(String path) {
    assertEquals(401, api.getAnonymously(USERS + path).status());
    assertEquals(401, api.get(USERS + path, QueryTester.PROJECT).status());
    assertEquals(401, api.call("DELETE", USERS + "/1", QueryTester.PROJECT, "").status());
  }

  @Test
  void keysOfPropertiesAreSortedAndAsStored() {
    user("a", 1, "{\"plan\":1,\"Zip_code\":2}");
    user("b", 1, "{\"email\":1,\"plan\":null}");
    user("c", 1, null);
    user("d", 1, "[1]");

    assertEquals(
        QueryTester.tree("[\"Zip_code\",\"email\",\"plan\"]"), api.json(USERS + "/props/keys"));
  }

  @Test
  void usageIsByUserNameAndType() {
    long id = user("user", 1, null);
    String recent = "now() - interval '2 hours'";
    usageRun(id, "gpt-4o", "llm", "success", recent, null);
    usageRun(id, "gpt-4o", "llm", "error", recent, null);
    usageRun(id, "gpt-4o", "llm", "success", "now() - interval '30 hours'", null);
    usageRun(null, "planner", "agent", "success", recent, null);
    usageRun(null, "planner", "agent", "success", recent, UUID.randomUUID());

    JsonNode usage = api.json(USERS + "/runs/usage");

    assertEquals(
        QueryTester.tree(
            """
            [{"userId":%d,"name":"gpt-4o","type":"llm","completionTokens":14,"promptTokens":10,
              "cost":0.5,"errors":1,"success":1},
             {"userId":null,"name":"planner","type":"agent","completionTokens":7,"promptTokens":5,
              "cost":0.25,"errors":0,"success":1}]"""
                .formatted(id)),
        usage);
    assertEquals(2, api.json(USERS + "/runs/usage?days=2.9x").get(0).get("success").asInt());
    Reply wrong = api.get(USERS + "/runs/usage?days=x");
    assertEquals(400, wrong.status());
    assertEquals("{\"message\":\"Invalid query parameters\"}", wrong.body());
    assertEquals(200, api.get(USERS + "/runs/usage?days=999999").status());
  }

  @Test
  void erasingTakesTheUserAndAllTheirRuns() {
    long id = user("gone@acme.io", 1, "{\"email\":\"gone@acme.io\"}");
    long other = user("stays", 1, null);
    run(id, "gpt-4o", "llm", "success", "1", "2025-05-01T10:00:00Z");
    run(other, "gpt-4o", "llm", "success", "1", "2025-05-01T10:00:00Z");
    String below = UUID.randomUUID().toString();
    api.insert(
        "run",
        "project_id",
        QueryTester.PROJECT,
        "id",
        below,
        "type",
        "tool",
        "created_at",
        "2025-05-01T10:00:00Z",
        "parent_run_id",
        idOf(id));

    assertEquals(204, api.delete(USERS + "/gone%40acme.io").status());

    assertEquals(404, api.get(USERS + "/" + id).status());
    assertEquals(404, api.get("/v1/runs/" + below).status());
    assertEquals(1, api.number("SELECT count(*) FROM run"));
    assertEquals(204, api.delete(USERS + "/" + id).status());
    JsonNode erasure = api.json(USERS + "/" + id + "/erasure");
    assertEquals("done", erasure.get("status").asText());
    assertEquals(2, erasure.get("runsDeleted").asInt());
    assertFalse(erasure.toString().contains("acme"));
    String log = api.get("/v1/audit-logs").body();
    assertEquals(1, QueryTester.tree(log).size());
    assertEquals("delete_data", QueryTester.tree(log).get(0).get("action").asText());
    assertEquals("" + id, QueryTester.tree(log).get(0).get("resourceId").asText());
    assertFalse(log.contains("acme"), log);
  }

  private String idOf(long user) {
    String id = UUID.randomUUID().toString();
    execute("UPDATE run SET id = '" + id + "' WHERE external_user_id = " + user);
    return id;
  }

  private long user(String externalId, int day, String props) {
    return userOf(QueryTester.PROJECT, externalId, day, props);
  }

  private long userOf(String project, String externalId, int day, String props) {
    List<String> values =
        new ArrayList<>(
            List.of(
                "project_id",
                project,
                "external_id",
                externalId,
                "created_at",
                "2025-04-0" + day + "T00:00:00Z",
                "last_seen",
                "2025-05-" + (31 - day) + "T00:00:00Z"));
    if (props != null) {
      values.addAll(List.of("props", props));
    }
    api.insert("external_user", values.toArray(String[]::new));
    return api.number("SELECT max(id) FROM external_user");
  }

  private void run(
      long user, String name, String type, String status, String cost, String createdAt) {
    String id = UUID.randomUUID().toString();
    execute(
        """
        INSERT INTO run (project_id, id, type, name, status, created_at, external_user_id, cost)
        VALUES ('%s', '%s', '%s', '%s', '%s', '%s', %d, %s)
        """
            .formatted(QueryTester.PROJECT, id, type, name, status, createdAt, user, cost));
    execute("SELECT rollup_add(1, '%s', ARRAY['%s'::uuid])".formatted(QueryTester.PROJECT, id));
  }

  private void usageRun(
      Long user, String name, String type, String status, String createdAt, UUID parent) {
    execute(
        """
        INSERT INTO run (project_id, id, type, name, status, created_at, external_user_id, cost,
                         prompt_tokens, completion_tokens, parent_run_id)
        VALUES ('%s', gen_random_uuid(), '%s', '%s', '%s', %s, %s, 0.25, 5, 7, %s)
        """
            .formatted(
                QueryTester.PROJECT,
                type,
                name,
                status,
                createdAt,
                user,
                parent == null ? null : "'" + parent + "'"));
  }

  private void execute(String sql) {
    api.execute(sql);
  }
}
