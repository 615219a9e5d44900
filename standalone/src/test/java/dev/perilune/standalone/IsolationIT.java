package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.standalone.ProductRoutes.Endpoint;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever holds the key of one project learns nothing of another, not even whether an id exists:
 * every route answers for another project's id what it answers for an id that nobody has.
 */
class IsolationIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private static final List<String> RUNS = List.of("run", "child run", "alias", "thread");

  /**
   * Whose ids a path has: what of {@link ForeignProject} to put there, with commas between where a
   * path has several. A new route goes here.
   */
  private static final Map<String, List<String>> IDS =
      Map.ofEntries(
          Map.entry("/v1/charts/:id", List.of("custom chart")),
          Map.entry("/v1/checklists/:id", List.of("checklist")),
          Map.entry("/v1/dashboards/:id", List.of("dashboard")),
          Map.entry("/v1/dashboards/charts/custom/:id", List.of("custom chart")),
          Map.entry("/v1/external-users/:id", List.of("user", "mark")),
          Map.entry("/v1/external-users/:id/erasure", List.of("user")),
          Map.entry("/v1/ingest/dead-letters/:id", List.of("dead letter")),
          Map.entry("/v1/jobs/:id", List.of("job")),
          Map.entry("/v1/jobs/jobs/:id", List.of("job")),
          Map.entry("/v1/models/:id", List.of("price")),
          Map.entry("/v1/projects/:projectId", List.of("project")),
          Map.entry("/v1/projects/:projectId/regenerate-key", List.of("project")),
          Map.entry("/v1/projects/:projectId/rules", List.of("project")),
          Map.entry("/v1/projects/:projectId/rules/:ruleId", List.of("project,rule")),
          Map.entry("/v1/runs/:id", RUNS),
          Map.entry("/v1/runs/:id/feedback", RUNS),
          Map.entry("/v1/runs/:id/neighbors", RUNS),
          Map.entry("/v1/runs/:id/public", RUNS),
          Map.entry("/v1/runs/:id/score", RUNS),
          Map.entry("/v1/runs/:id/tags", RUNS),
          Map.entry("/v1/runs/:id/visibility", RUNS),
          Map.entry("/v1/runs/:id/related", RUNS),
          Map.entry("/v1/runs/:id/trace", RUNS),
          Map.entry("/v1/views/:id", List.of("view")));

  /** Paths whose parameter is nobody's: a file of a page, a place in the event log. */
  private static final Set<String> NOBODYS =
      Set.of("/v1/openapi/docs/:file", "/v1/ingest/receipts/:token");

  /** Streams that stay open; they have tests of their own. */
  private static final Set<String> STREAMS = Set.of("/v1/runs/live");

  /** Bodies that are good for their routes, with the ids that they name in capitals. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("POST /v1/ingest/dead-letters/redrive", "{\"ids\":[DEAD_LETTER]}"),
          Map.entry("PATCH /v1/checklists/:id", "{\"slug\":\"taken\"}"),
          Map.entry(
              "POST /v1/dashboards",
              "{\"name\":\"n\",\"charts\":[{\"customChartId\":\"CUSTOM_CHART\",\"name\":\"n\",\"type\":\"t\",\"dataKey\":\"k\"}]}"),
          Map.entry("PATCH /v1/dashboards/:id", "{\"name\":\"taken\"}"),
          Map.entry(
              "PATCH /v1/dashboards/charts/custom", "{\"id\":\"CUSTOM_CHART\",\"name\":\"taken\"}"),
          Map.entry("POST /v1/dashboards/charts/custom/delete", "{\"id\":\"CUSTOM_CHART\"}"),
          Map.entry("PATCH /v1/models/:id", "{\"name\":\"taken\"}"),
          Map.entry("PATCH /v1/projects/:projectId", "{\"name\":\"taken\"}"),
          Map.entry("PATCH /v1/runs/:id/feedback", "{\"thumb\":\"down\"}"),
          Map.entry("PATCH /v1/runs/:id/score", "{\"label\":\"l\",\"value\":1}"),
          Map.entry("PATCH /v1/runs/:id/tags", "{\"tags\":[\"t\"]}"),
          Map.entry("PATCH /v1/runs/:id/visibility", "{\"visibility\":true}"),
          Map.entry("PATCH /v1/views/:id", "{\"name\":\"taken\"}"));

  /** What a list or an action may be told to look at, and what of {@link ForeignProject} it is. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "projectId", "project",
          "filterProjectId", "project",
          "parentRunId", "run",
          "users", "user",
          "userId", "user",
          "externalUserId", "user",
          "templates", "template",
          "tags", "mark",
          "evaluatorId", "evaluator");

  /** What routes want to be told at all. */
  private static final String QUESTION =
      "type=llm&exportFormat=jsonl&days=3650&startDate=2026-01-01&endDate=2026-12-31"
          + "&timeZone=UTC&granularity=daily";

  /** Tables that no route reads or changes by an id of theirs. */
  private static final Set<String> FILLED_BY_US =
      Set.of(
          "rollup_label.project_id",
          "rollup_latency.project_id",
          "rollup_run.project_id",
          "rollup_user.project_id",
          "rollup_user_version.project_id",
          "rollup_version.project_id",
          // the indexer empties it
          "search_forgotten.project_id");

  private static final String NO_NEIGHBORS = "{\"previousId\":null,\"nextId\":null}";
  private static final Pattern PARAMETER = Pattern.compile(":\\w+");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static ProductRoutes product;
  private static ForeignProject theirs;
  private static TestProject ours;
  private static UUID ourOrganisation;

  @BeforeAll
  static void start() throws Exception {
    product = ProductRoutes.start(POSTGRES.databaseUrl(), KAFKA.bootstrapServers());
    theirs = new ForeignProject(POSTGRES.settings());
    ours = TestProject.create(POSTGRES.settings());
    ourOrganisation = theirs.organisationKeyOf(ours.id());
  }

  @AfterAll
  static void stop() throws Exception {
    theirs.close();
    product.close();
  }

  @Test
  void everyTableOfAProjectHasSomethingToLookFor() throws Exception {
    Set<String> empty =
        theirs.contents().entrySet().stream()
            .filter(table -> table.getValue().equals("nothing"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    empty.removeAll(FILLED_BY_US);
    assertEquals(Set.of(), empty, "tables to fill in ForeignProject");
  }

  @Test
  void everyPathWithAnIdIsKnownToThisTest() {
    Set<String> unknown = new TreeSet<>();
    for (Endpoint endpoint : product.endpoints()) {
      String path = endpoint.path();
      if (path.contains(":") && !IDS.containsKey(path) && !NOBODYS.contains(path)) {
        unknown.add(path);
      }
    }
    assertEquals(Set.of(), unknown, "paths to add to IDS");
  }

  @Test
  void theOwnerFindsEachOfTheseIds() throws Exception {
    for (Endpoint endpoint : product.endpoints()) {
      // nothing of theirs is public, and projects are opened by another key
      boolean isOpen =
          !endpoint.path().endsWith("/public") && !endpoint.path().startsWith("/v1/projects");
      if (endpoint.method().name().equals("GET") && isOpen) {
        for (String kind : IDS.getOrDefault(endpoint.path(), List.of())) {
          String path = withIds(endpoint, kind, true);
          HttpResponse<String> answer = send("GET", path, theirs.privateKey(), null);
          assertEquals(200, answer.statusCode(), path + " of a " + kind);
          assertNotEquals("[]", answer.body(), path + " of a " + kind);
        }
      }
    }
  }

  @Test
  void nobodyElseLearnsWhetherAnIdExists() throws Exception {
    Map<String, String> before = theirs.contents();
    for (Endpoint endpoint : product.endpoints()) {
      for (String kind : IDS.getOrDefault(endpoint.path(), List.of())) {
        for (UUID key : keys()) {
          compareIds(endpoint, kind, key);
        }
      }
    }
    assertEquals(before, theirs.contents(), "changed from outside");
  }

  @Test
  void nobodyElseLearnsAnythingFromAListOrAnAction() throws Exception {
    Map<String, String> before = theirs.contents();
    for (Endpoint endpoint : product.endpoints()) {
      if (!endpoint.path().contains(":") && !STREAMS.contains(endpoint.path())) {
        for (UUID key : keys()) {
          for (String parameter : PARAMETERS.keySet()) {
            compare(endpoint, parameter, key);
          }
        }
      }
    }
    assertEquals(before, theirs.contents(), "changed from outside");
  }

  private void compare(Endpoint endpoint, String parameter, UUID key) throws Exception {
    String question = endpoint.path() + "?" + QUESTION + "&" + parameter + "=";
    String kind = PARAMETERS.get(parameter);
    HttpResponse<String> foreign =
        send(endpoint, question + id(kind, true), key, body(endpoint, true));
    HttpResponse<String> nobodys =
        send(endpoint, question + id(kind, false), key, body(endpoint, false));
    assertSilent(endpoint, foreign);
    if (isAnswerOfState(endpoint)) {
      assertEquals(nobodys.statusCode(), foreign.statusCode(), question);
      assertEquals(neutral(nobodys), neutral(foreign), question);
    }
  }

  private void compareIds(Endpoint endpoint, String kind, UUID key) throws Exception {
    HttpResponse<String> foreign =
        send(endpoint, withIds(endpoint, kind, true), key, body(endpoint, true));
    HttpResponse<String> nobodys =
        send(endpoint, withIds(endpoint, kind, false), key, body(endpoint, false));
    String what = endpoint + " for a " + kind;
    assertSilent(endpoint, foreign);
    assertEquals(nobodys.statusCode(), foreign.statusCode(), what);
    assertEquals(neutral(nobodys), neutral(foreign), what);
    String body = foreign.body();
    boolean empty = Set.of("", "[]", "{}", NO_NEIGHBORS).contains(body);
    assertTrue(empty || foreign.statusCode() >= 400, what + ": " + body);
  }

  private static void assertSilent(Endpoint endpoint, HttpResponse<String> answer) {
    String all = answer.headers().map() + answer.body();
    // what was asked with may come back, what it found may not
    assertFalse(
        answer.statusCode() < 400 && all.contains(ForeignProject.MARK), endpoint + ": " + all);
    assertTrue(answer.statusCode() < 500, endpoint + ": " + all);
  }

  /** Meters and health tell of the process, and differ from one moment to the next. */
  private static boolean isAnswerOfState(Endpoint endpoint) {
    return !Set.of("/metrics", "/v1/health", "/v1/ready").contains(endpoint.path());
  }

  private static @Nullable String body(Endpoint endpoint, boolean foreign) {
    if (Set.of("GET", "DELETE").contains(endpoint.method().name())) {
      return null;
    }
    return BODIES
        .getOrDefault(endpoint.toString(), "{}")
        .replace("CUSTOM_CHART", id("custom chart", foreign))
        .replace("DEAD_LETTER", id("dead letter", foreign));
  }

  private static String id(String kind, boolean foreign) {
    return foreign ? theirs.id(kind) : unknown(theirs.id(kind));
  }

  /** An id of the same form that nobody has. */
  private static String unknown(String id) {
    if (id.equals(ForeignProject.MARK)) {
      return "nobodyssecret";
    }
    return id.contains("-") ? "0f0f0f0f-0f0f-4f0f-8f0f-000000000000" : "987654321";
  }

  private static List<UUID> keys() {
    return List.of(ours.privateKey(), ours.id(), ourOrganisation);
  }

  private static String withIds(Endpoint endpoint, String kinds, boolean foreign) {
    String path = endpoint.path();
    for (String kind : kinds.split(",")) {
      path = PARAMETER.matcher(path).replaceFirst(id(kind, foreign));
    }
    return path;
  }

  /** The body without what differs between any two answers. */
  private static String neutral(HttpResponse<String> answer) {
    return answer
        .body()
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID")
        .replaceAll("700000001|987654321|" + ForeignProject.MARK + "|nobodyssecret", "ID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
  }

  private static HttpResponse<String> send(
      Endpoint endpoint, String path, UUID key, @Nullable String body)
      throws IOException, InterruptedException {
    return send(endpoint.method().name(), path, key, body);
  }

  private static HttpResponse<String> send(
      String method, String path, UUID key, @Nullable String body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(product.url() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
