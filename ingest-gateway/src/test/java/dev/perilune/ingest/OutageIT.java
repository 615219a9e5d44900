package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.OTHER_PRIVATE_KEY;
import static dev.perilune.ingest.GatewayTester.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OutageIT {

  /** Within a second, and room for a busy machine; far from what clients wait for brokers. */
  private static final Duration SOON = Duration.ofSeconds(4);

  private static final Duration AT_ONCE = Duration.ofMillis(200);
  private static final String EVENT = "[{\"event\":\"end\",\"runId\":\"%s\"}]";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir private Path dir;

  @Test
  void aBrokerThatGoesAwayIsToldSoonAndComesBackByItself() throws IOException {
    int port = freePort();
    try (Later broker = new Later(() -> EmbeddedKafka.start(dir, port));
        GatewayTester gateway =
            new GatewayTester("127.0.0.1:" + port, POSTGRES.settings(), Map.of())) {
      gateway.withProjects();
      assertRefused(SOON, gateway);
      eventually("refusals need no waiting", () -> refusedAtOnce(gateway));
      assertEquals(503, gateway.send("GET", "/v1/health", new byte[0]).statusCode());
      assertEquals(200, gateway.send("GET", "/v1/live", new byte[0]).statusCode());

      broker.start();
      gateway.ready();
      assertEquals(200, gateway.post(EVENT.formatted("before")).statusCode());

      broker.stop();
      assertRefused(SOON, gateway);
      eventually("refusals need no waiting", () -> refusedAtOnce(gateway));
      assertEquals(0, gateway.meter("perilune_ingest_broker_up"));
      assertEquals(503, gateway.send("GET", "/v1/health", new byte[0]).statusCode());
      assertEquals(200, gateway.post("[]").statusCode());

      broker.start();
      gateway.ready();
      try (Published published = new Published("127.0.0.1:" + port)) {
        assertEquals(200, gateway.post(EVENT.formatted("after")).statusCode());
        assertTrue(
            published.next(1).stream()
                .anyMatch(envelope -> envelope.event().getString("runId", "").equals("after")));
      }
    }
  }

  @Test
  void exportersAreToldToComeBackWhileTheBrokerIsAway() throws IOException {
    int port = freePort();
    int grpcPort = freePort();
    byte[] spans = OtlpBodies.protobuf("00000000000000b1");
    try (Later broker = new Later(() -> EmbeddedKafka.start(dir, port));
        GatewayTester gateway =
            new GatewayTester(
                "127.0.0.1:" + port,
                POSTGRES.settings(),
                Map.of(
                    "PERILUNE_HOST",
                    "127.0.0.1",
                    "PERILUNE_OTLP_GRPC_PORT",
                    Integer.toString(grpcPort)));
        GrpcCalls grpc = new GrpcCalls(gateway.vertx, grpcPort)) {
      gateway.withProjects();
      HttpResponse<String> refused = export(gateway, spans);
      GrpcCalls.Ended unavailable = grpc.call(GrpcCalls.EXPORT, spans, false);

      assertEquals(503, refused.statusCode());
      assertEquals("1", refused.headers().firstValue("retry-after").orElse(""));
      assertEquals(
          "application/x-protobuf", refused.headers().firstValue("content-type").orElse(""));
      assertTrue(refused.body().startsWith("\u0008\u000e\u0012"), "code 14, then a text");
      assertEquals("14", unavailable.status());
      String details =
          new String(
              Base64.getDecoder().decode(unavailable.details()), StandardCharsets.ISO_8859_1);
      // without RetryInfo, some exporters drop what they have
      assertTrue(details.endsWith("google.rpc.RetryInfo\u0012\u0004\n\u0002\u0008\u0001"));

      broker.start();
      gateway.ready();
      assertEquals(200, export(gateway, spans).statusCode());
      assertEquals("0", grpc.call(GrpcCalls.EXPORT, spans, false).status());
    }
  }

  private static HttpResponse<String> export(GatewayTester gateway, byte[] spans) {
    return gateway.send(
        "POST",
        "/v1/traces",
        spans,
        "Authorization",
        "Bearer " + GatewayTester.PRIVATE_KEY,
        "Content-Type",
        "application/x-protobuf");
  }

  @Test
  void knownKeysAreServedWhilePostgresIsAway() {
    PgSettings pg = POSTGRES.settings();
    Vertx vertx = Vertx.vertx();
    TcpGate gate = new TcpGate(vertx, pg.host(), pg.port());
    PgSettings gated =
        new PgSettings(
            "127.0.0.1", gate.port(), pg.database(), pg.user(), pg.password(), "disable", 2);
    try (EmbeddedKafka broker = EmbeddedKafka.start(dir, 0);
        GatewayTester gateway = new GatewayTester(broker.bootstrapServers(), gated, Map.of())) {
      gateway.withProjects().ready();

      gate.shut();

      assertEquals(200, gateway.post(EVENT.formatted("known")).statusCode());
      HttpResponse<String> unknown = with(gateway, OTHER_PRIVATE_KEY, EVENT.formatted("x"));
      assertEquals(503, unknown.statusCode());
      assertTrue(unknown.headers().firstValue("retry-after").isPresent());
      // a guess could put the event into another project
      HttpResponse<String> unknownAppId =
          gateway.post(
              "[{\"event\":\"end\",\"runId\":\"x\",\"appId\":\"" + UUID.randomUUID() + "\"}]");
      assertEquals(503, unknownAppId.statusCode());
      assertEquals(200, gateway.send("GET", "/v1/health", new byte[0]).statusCode());
    } finally {
      GatewayTester.await(vertx.close());
    }
  }

  private static void assertRefused(Duration limit, GatewayTester gateway) {
    long startedNanos = System.nanoTime();
    HttpResponse<String> answer = gateway.post(EVENT.formatted("during"));
    Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);

    assertEquals(503, answer.statusCode(), answer.body());
    assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
    assertTrue(took.compareTo(limit) < 0, "took " + took);
  }

  private static boolean refusedAtOnce(GatewayTester gateway) {
    long startedNanos = System.nanoTime();
    int status = gateway.post(EVENT.formatted("during")).statusCode();
    return status == 503 && System.nanoTime() - startedNanos < AT_ONCE.toNanos();
  }

  private static HttpResponse<String> with(GatewayTester gateway, UUID key, String body) {
    return gateway.send(
        "POST",
        "/v1/runs/ingest",
        body.getBytes(StandardCharsets.UTF_8),
        "Authorization",
        "Bearer " + key,
        "Content-Type",
        "application/json");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** A broker that comes and goes. */
  private static final class Later implements AutoCloseable {
    private final Supplier<EmbeddedKafka> factory;
    private EmbeddedKafka running;

    Later(Supplier<EmbeddedKafka> factory) {
      this.factory = factory;
    }

    void start() {
      running = factory.get();
    }

    void stop() {
      if (running != null) {
        running.close();
        running = null;
      }
    }

    @Override
    public void close() {
      stop();
    }
  }
}
