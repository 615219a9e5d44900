package dev.perilune.ingest;

import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A running gateway with one organisation of two projects, and clients for its doors. */
final class GatewayTester implements AutoCloseable {

  static final UUID ORG = UUID.fromString("00000000-0000-4000-8000-0000000000aa");
  static final UUID ORG_KEY = UUID.fromString("00000000-0000-4000-8000-0000000000ab");
  static final UUID PROJECT = UUID.fromString("11111111-1111-4111-8111-111111111111");
  static final UUID PRIVATE_KEY = UUID.fromString("22222222-2222-4222-8222-222222222222");
  static final UUID OTHER_PROJECT = UUID.fromString("33333333-3333-4333-8333-333333333333");
  static final UUID OTHER_PRIVATE_KEY = UUID.fromString("44444444-4444-4444-8444-444444444444");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Vertx vertx = Vertx.vertx();
  final Meters meters = new Meters();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Database database;
  private final IngestGateway gateway;
  private final HttpService http;

  GatewayTester(String bootstrapServers, PgSettings pg, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    Health health = new Health();
    this.database = Database.open(vertx, pg, meters);
    ApiKeys keys = new ApiKeys(database);
    this.gateway =
        await(
            IngestGateway.start(
                vertx, IngestSettings.from(new Env(all)), database, keys, health, meters));
    this.http =
        await(
            HttpService.start(
                vertx, new HttpSettings("127.0.0.1", 0, 2), health, meters, gateway::mount));
  }

  /** Adds the organisation, its projects and their keys to a fresh database. */
  GatewayTester withProjects() {
    sql("INSERT INTO org (id, name) VALUES ($1, 'org') ON CONFLICT DO NOTHING", Tuple.of(ORG));
    for (UUID project : new UUID[] {PROJECT, OTHER_PROJECT}) {
      sql(
          "INSERT INTO project (id, org_id, name) VALUES ($1, $2, 'p') ON CONFLICT DO NOTHING",
          Tuple.of(project, ORG));
    }
    addKey(PRIVATE_KEY, "private", PROJECT);
    addKey(OTHER_PRIVATE_KEY, "private", OTHER_PROJECT);
    addKey(ORG_KEY, "org_private", null);
    return this;
  }

  private void addKey(UUID key, String type, UUID project) {
    sql(
        "INSERT INTO api_key (key_hash, hint, type, org_id, project_id) VALUES ($1, '', $2, $3, $4)"
            + " ON CONFLICT DO NOTHING",
        Tuple.of(Buffer.buffer(ApiKeySql.hash(key)), type, ORG, project));
  }

  private void sql(String statement, Tuple values) {
    await(database.query(statement, values));
  }

  /** Waits until the gateway has what it needs. */
  GatewayTester ready() {
    eventually("health is OK", () -> send("GET", "/v1/health", new byte[0]).statusCode() == 200);
    eventually("events are taken", () -> post("{\"events\":[{}]}").statusCode() == 200);
    return this;
  }

  int port() {
    return http.port();
  }

  /** Posts events with the private key. */
  HttpResponse<String> post(String body) {
    return post(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  HttpResponse<String> post(byte[] body, String... headers) {
    String[] all = new String[headers.length + 4];
    all[0] = "Authorization";
    all[1] = "Bearer " + PRIVATE_KEY;
    all[2] = "Content-Type";
    all[3] = "application/json";
    System.arraycopy(headers, 0, all, 4, headers.length);
    return send("POST", "/v1/runs/ingest", body, all);
  }

  HttpResponse<String> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(PATIENCE)
            .method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The value of a meter without tags, or of all its series together. */
  double meter(String prometheusName) {
    return send("GET", "/metrics", new byte[0])
        .body()
        .lines()
        .filter(
            line -> line.startsWith(prometheusName + " ") || line.startsWith(prometheusName + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  static void eventually(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Never came: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  @Override
  public void close() {
    await(http.close().eventually(gateway::close).eventually(database::close));
    await(vertx.close());
    meters.close();
  }
}
