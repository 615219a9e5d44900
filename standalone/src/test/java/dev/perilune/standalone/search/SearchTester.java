package dev.perilune.standalone.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.model.ProjectId;
import dev.perilune.processor.search.SearchIndex;
import dev.perilune.processor.store.Transactions;
import dev.perilune.query.QueryApi;
import dev.perilune.query.QuerySettings;
import dev.perilune.query.live.LiveSettings;
import dev.perilune.query.search.RunSearchSql;
import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.limit.RateSettings;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PeriluneTester;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A query API and an indexer over one database, with two projects that hold the same texts. */
final class SearchTester implements AutoCloseable {
  static final ProjectId MINE = new ProjectId(new UUID(0x4000, 1));
  static final ProjectId OTHERS = new ProjectId(new UUID(0x4000, 2));
  private static final UUID KEY = new UUID(0x4000, 3);

  final SearchIndex index;
  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final Database database;
  private final Transactions transactions;
  private final HttpService server;
  private final QueryApi api;
  private final Connection connection;
  private final PeriluneTester http;
  private final Map<String, String> folded = new HashMap<>();

  SearchTester(PgSettings settings) throws SQLException {
    database = Database.open(vertx, settings, meters);
    transactions = new Transactions(database, Duration.ofSeconds(20));
    index = new SearchIndex(transactions);
    connection =
        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
    accounts();
    QuerySettings query =
        new QuerySettings(
            Duration.ofSeconds(10), new RateSettings(0, 1), "test", new LiveSettings(null, 2));
    Health health = new Health();
    api = QueryApi.start(vertx, query, database, new ApiKeys(database), health, meters).await();
    HttpSettings local = new HttpSettings("127.0.0.1", 0, 1);
    server = HttpService.start(vertx, local, health, meters, api::mount).await();
    http = new PeriluneTester("http://127.0.0.1:" + server.port(), "", KEY.toString());
  }

  /** A run as it was stored. */
  record Stored(UUID id, Instant start, String type, String input, String output) {}

  /** Adds runs to both projects and queues them, as one batch. */
  void add(List<Stored> runs) throws SQLException {
    for (ProjectId project : List.of(MINE, OTHERS)) {
      List<UUID> ids = new ArrayList<>();
      for (Stored run : runs) {
        UUID id = project.equals(MINE) ? run.id() : new UUID(1, run.id().getLeastSignificantBits());
        ids.add(id);
        execute(
            "INSERT INTO run (project_id, id, created_at, type) VALUES (?, ?, ?::timestamptz, ?)",
            project.value(),
            id,
            run.start().toString(),
            run.type());
        execute(
            "INSERT INTO run_payload (project_id, run_id, created_at, input, output)"
                + " VALUES (?, ?, ?::timestamptz, ?, ?)",
            project.value(),
            id,
            run.start().toString(),
            run.input(),
            run.output());
      }
      execute(
          "INSERT INTO search_queue (project_id, run_ids, starts, parts, runs)"
              + " SELECT project_id, array_agg(id ORDER BY created_at),"
              + "        array_agg(created_at ORDER BY created_at),"
              + "        array_agg(7::smallint), count(*)"
              + "   FROM run WHERE project_id = ? AND id = ANY (?)"
              + "  GROUP BY project_id",
          project.value(),
          connection.createArrayOf("uuid", ids.toArray()));
    }
  }

  /** The ids of a list of my project, over all of its pages. */
  List<UUID> list(String search, String more, int limit) throws Exception {
    List<UUID> ids = new ArrayList<>();
    String cursor = "";
    do {
      String encoded = URLEncoder.encode(search, StandardCharsets.UTF_8).replace("+", "%20");
      HttpResponse<String> answer =
          http.get("/v1/runs?search=" + encoded + more + "&limit=" + limit + cursor);
      if (answer.statusCode() != 200) {
        throw new AssertionError(search + ": " + answer.body());
      }
      JsonNode page = new JsonMapper().readTree(answer.body());
      page.path("data").forEach(run -> ids.add(UUID.fromString(run.path("id").asText())));
      cursor =
          page.path("nextCursor").isTextual() ? "&cursor=" + page.get("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  long count(String search) throws Exception {
    String encoded = URLEncoder.encode(search, StandardCharsets.UTF_8).replace("+", "%20");
    return http.json("/v1/runs/count?search=" + encoded).asLong();
  }

  /** Whether the list finds a page of runs with the text sooner than the index does. */
  boolean isCommonAmongNewest(String text) {
    return database
        .inSnapshot(
            Duration.ofSeconds(10),
            connection ->
                RunSearchSql.of(connection, MINE.value(), List.of(text))
                    .map(Optional::orElseThrow)
                    .compose(search -> search.next().map(first -> search.isCommonAmongNewest())))
        .await();
  }

  JsonNode get(String path) throws Exception {
    return http.json(path);
  }

  /** The text without regard to case, as the database has it. */
  String folded(String text) throws SQLException {
    String known = folded.get(text);
    if (known == null) {
      known = text("SELECT folded(?)", text);
      folded.put(text, known);
    }
    return known;
  }

  String text(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  void execute(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  private void accounts() throws SQLException {
    UUID org = new UUID(0x4000, 9);
    execute("INSERT INTO org (id, name) VALUES (?, 'ours')", org);
    for (ProjectId project : List.of(MINE, OTHERS)) {
      execute("INSERT INTO project (id, org_id, name) VALUES (?, ?, 'p')", project.value(), org);
    }
    execute(
        "INSERT INTO api_key (key_hash, hint, type, org_id, project_id)"
            + " VALUES (?, 'aaaa', 'private', ?, ?)",
        ApiKeySql.hash(KEY),
        org,
        MINE.value());
  }

  @Override
  public void close() throws SQLException {
    api.close().await();
    server.close().await();
    transactions.close();
    database.close().await();
    connection.close();
    vertx.close().await();
    meters.close();
  }
}
