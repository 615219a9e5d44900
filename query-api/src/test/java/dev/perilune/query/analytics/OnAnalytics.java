package dev.perilune.query.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.query.runs.QueryTester.Reply;
import dev.perilune.testkit.PostgresExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gives each test a running query API over a database without runs. */
abstract class OnAnalytics {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  /** Three days in New York. */
  static final String NEW_YORK =
      "startDate=2024-05-01T04:00:00.000Z&endDate=2024-05-04T03:59:59.999Z"
          + "&timeZone=America/New_York&granularity=daily";

  /** A week in UTC. */
  static final String WEEK =
      "startDate=2024-05-01T00:00:00.000Z&endDate=2024-05-07T23:59:59.999Z"
          + "&timeZone=UTC&granularity=daily";

  QueryTester api;

  @BeforeEach
  void start() {
    api = new QueryTester(POSTGRES.settings());
    api.execute("TRUNCATE rollup_run, rollup_latency, rollup_label, rollup_user, rollup_version");
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  /** Adds a run of our project that started then; columns and values in turn. */
  String run(String type, String createdAt, String... columnsAndValues) {
    return runOf(QueryTester.PROJECT, type, createdAt, columnsAndValues);
  }

  String runOf(String project, String type, String createdAt, String... columnsAndValues) {
    String id = UUID.randomUUID().toString();
    List<String> all =
        new ArrayList<>(
            List.of("project_id", project, "id", id, "type", type, "created_at", createdAt));
    all.addAll(Arrays.asList(columnsAndValues));
    api.insert("run", all.toArray(String[]::new));
    api.execute("SELECT rollup_add(1, ?::uuid, ARRAY[?::uuid])", project, id);
    return id;
  }

  /** Adds a user of our project, first seen then. */
  void user(long id, String createdAt, String props) {
    api.execute(
        "INSERT INTO external_user (id, project_id, external_id, created_at, last_seen, props)"
            + " OVERRIDING SYSTEM VALUE VALUES (?, ?, ?, ?, ?, ?)",
        Long.toString(id),
        QueryTester.PROJECT,
        "user-" + id,
        createdAt,
        createdAt,
        props);
  }

  /** The answer of a route, asked anew. */
  String body(String routeAndQuery) {
    Reply reply = api.getAnew("/v1/analytics/" + routeAndQuery);
    if (reply.status() != 200) {
      throw new AssertionError(routeAndQuery + ": " + reply);
    }
    return reply.body();
  }

  /** The points of a series as day or hour, name, value; zeros of no name are left out. */
  List<String> points(String routeAndQuery) {
    List<String> points = new ArrayList<>();
    for (JsonNode point : QueryTester.tree(body(routeAndQuery)).path("data")) {
      boolean gap = point.path("name").isNull() && point.path("value").asText().equals("0");
      if (!gap) {
        String date = point.path("date").asText();
        points.add(
            (date.endsWith("T00:00:00.000Z") ? date.substring(5, 10) : date.substring(5, 16))
                + " "
                + point.path("name").asText()
                + " "
                + point.path("value").asText());
      }
    }
    return points;
  }

  String stat(String routeAndQuery) {
    return QueryTester.tree(body(routeAndQuery)).path("stat").asText();
  }
}
