package dev.perilune.query.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.query.QueryApi;
import dev.perilune.query.QuerySettings;
import dev.perilune.query.live.LiveSettings;
import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.limit.RateSettings;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A query service over a real database, with two organisations: ours with the projects {@link
 * #PROJECT} and {@link #SIBLING}, and somebody else's with {@link #FOREIGN}.
 */
public final class QueryTester implements AutoCloseable {

  public static final String PROJECT = "22222222-2222-4222-8222-222222222222";
  public static final String SIBLING = "33333333-3333-4333-8333-333333333333";
  public static final String FOREIGN = "44444444-4444-4444-8444-444444444444";
  public static final String PRIVATE_KEY = "AAAAAAAA-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
  public static final String ORG_KEY = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

  public static final RateSettings UNLIMITED = new RateSettings(0, 1);

  /** The group of the processors that this service believes in. */
  public static final String GROUP = "test";

  public static final LiveSettings NO_BROKERS = new LiveSettings(null, 2);

  /** What came back. */
  public record Reply(int status, MultiMap headers, String body) {}

  private static final String ORG = "11111111-1111-4111-8111-111111111111";
  private static final String FOREIGN_ORG = "99999999-9999-4999-8999-999999999999";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final HttpClient client = vertx.createHttpClient();
  private final Database database;
  private final QueryApi api;
  private final HttpService server;
  private final Connection connection;

  public QueryTester(PgSettings postgres) {
    this(postgres, new QuerySettings(Duration.ofSeconds(10), UNLIMITED, GROUP, NO_BROKERS));
  }

  public QueryTester(PgSettings postgres, QuerySettings settings) {
    Health health = new Health();
    database = Database.open(vertx, postgres, meters);
    ApiKeys keys = new ApiKeys(database);
    api = QueryApi.start(vertx, settings, database, keys, health, meters).await();
    HttpSettings http = new HttpSettings("127.0.0.1", 0, 1);
    server = HttpService.start(vertx, http, health, meters, api::mount).await();
    connection = connect(postgres);
    accounts();
  }

  private void accounts() {
    execute("TRUNCATE org CASCADE");
    execute(
        "TRUNCATE run, run_payload, run_alias, run_score, thread_message, consumer_offset,"
            + " dead_letter, log_line, run_orphan, run_stray, run_tombstone, rollup_run,"
            + " rollup_label, rollup_latency, rollup_user");
    insert("org", "id", ORG, "name", "ours");
    insert("org", "id", FOREIGN_ORG, "name", "theirs");
    insert("project", "id", PROJECT, "org_id", ORG, "name", "one");
    insert("project", "id", SIBLING, "org_id", ORG, "name", "two");
    insert("project", "id", FOREIGN, "org_id", FOREIGN_ORG, "name", "three");
    String hash = "\\x" + HexFormat.of().formatHex(ApiKeySql.hash(UUID.fromString(PRIVATE_KEY)));
    insert(
        "api_key",
        "key_hash",
        hash,
        "hint",
        "aaaa",
        "type",
        "private",
        "org_id",
        ORG,
        "project_id",
        PROJECT);
    hash = "\\x" + HexFormat.of().formatHex(ApiKeySql.hash(UUID.fromString(ORG_KEY)));
    insert("api_key", "key_hash", hash, "hint", "bbbb", "type", "org_private", "org_id", ORG);
  }

  /** Adds an id that also stands for a run of the project, which starts at that time. */
  public void alias(String id, String run, String start) {
    insert("run_alias", "project_id", PROJECT, "id", id, "run_id", run, "run_created_at", start);
  }

  /** Adds a row; columns and values in turn, values in Postgres' text form. */
  public void insert(String table, String... columnsAndValues) {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      columns.add(columnsAndValues[i]);
      values.add(columnsAndValues[i + 1]);
    }
    execute(
        "INSERT INTO "
            + table
            + " ("
            + String.join(", ", columns)
            + ") VALUES ("
            + String.join(", ", columns.stream().map(column -> "?").toList())
            + ")",
        values.toArray(String[]::new));
  }

  /** Adds a run of {@link #PROJECT} that started then. */
  void run(String id, String type, String createdAt, String... columnsAndValues) {
    List<String> all =
        new ArrayList<>(
            List.of("project_id", PROJECT, "id", id, "type", type, "created_at", createdAt));
    all.addAll(List.of(columnsAndValues));
    insert("run", all.toArray(String[]::new));
  }

  /** Adds the wide part of a run of {@link #PROJECT}. */
  void payload(String id, String createdAt, String... columnsAndValues) {
    List<String> all =
        new ArrayList<>(List.of("project_id", PROJECT, "run_id", id, "created_at", createdAt));
    all.addAll(List.of(columnsAndValues));
    insert("run_payload", all.toArray(String[]::new));
  }

  public void execute(String sql, String... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The only column of the only row. */
  public long number(String sql) {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The answer to the private key's holder; the path goes out exactly as given. */
  public Reply get(String path) {
    return get(path, PRIVATE_KEY);
  }

  public Reply get(String path, String key) {
    return send(path, Map.of("Authorization", "Bearer " + key));
  }

  /** The answer to the private key's holder who wants none that was kept. */
  public Reply getAnew(String path) {
    return send(
        path, Map.of("Authorization", "Bearer " + PRIVATE_KEY, "Cache-Control", "no-cache"));
  }

  /** The answer to the private key's holder who posts this. */
  public Reply post(String path, String body) {
    return send(HttpMethod.POST, path, Map.of("Authorization", "Bearer " + PRIVATE_KEY), body);
  }

  /** The answer to whoever has this key, or to nobody where it is empty. */
  public Reply call(String method, String path, String key, String body) {
    Map<String, String> headers =
        key.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + key);
    return send(HttpMethod.valueOf(method), path, headers, body);
  }

  /** The answer to the private key's holder who changes this. */
  public Reply patch(String path, String body) {
    return call("PATCH", path, PRIVATE_KEY, body);
  }

  public Reply delete(String path) {
    return call("DELETE", path, PRIVATE_KEY, "");
  }

  public Reply getAnonymously(String path) {
    return send(path, Map.of());
  }

  /** The JSON of a good answer. */
  public JsonNode json(String path) {
    Reply reply = get(path);
    if (reply.status() != 200) {
      throw new AssertionError(path + ": " + reply);
    }
    return tree(reply.body());
  }

  /** The ids of a list, in its order. */
  public List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    json(path).path("data").forEach(run -> ids.add(run.path("id").asText()));
    return ids;
  }

  public static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  /** Where the service listens. */
  public int port() {
    return server.port();
  }

  private Reply send(String path, Map<String, String> headers) {
    return send(HttpMethod.GET, path, headers, "");
  }

  private Reply send(HttpMethod method, String path, Map<String, String> headers, String body) {
    Promise<Reply> reply = Promise.promise();
    // on an event loop, because a body that arrives before anybody listens on another thread is
    // lost
    vertx.runOnContext(go -> exchange(method, path, headers, body).onComplete(reply));
    return reply.future().timeout(20, TimeUnit.SECONDS).await();
  }

  private Future<Reply> exchange(
      HttpMethod method, String path, Map<String, String> headers, String sent) {
    return client
        .request(method, server.port(), "127.0.0.1", path)
        .compose(
            request -> {
              headers.forEach(request::putHeader);
              return sent.isEmpty() ? request.send() : request.send(sent);
            })
        .compose(
            response ->
                response
                    .body()
                    .map(
                        body ->
                            new Reply(response.statusCode(), response.headers(), body.toString())));
  }

  private static Connection connect(PgSettings postgres) {
    try {
      // unspecified lets the server read each text as the column's type
      return DriverManager.getConnection(
          postgres.jdbcUrl() + "&stringtype=unspecified", postgres.user(), postgres.password());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    api.close().await();
    server.close().await();
    database.close().await();
    vertx.close().await();
    meters.close();
  }
}
