package dev.perilune.ingest;

import static dev.perilune.ingest.GrpcCalls.EXPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.ingest.GrpcCalls.Ended;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** OTLP over gRPC at a running gateway; real exporters are driven against the whole. */
class GrpcIT {
  private static final int LIMIT = 1 << 20;

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;
  private static GrpcCalls calls;

  @BeforeAll
  static void start() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    gateway =
        new GatewayTester(
                KAFKA.bootstrapServers(),
                POSTGRES.settings(),
                Map.of(
                    "PERILUNE_HOST", "127.0.0.1",
                    "PERILUNE_OTLP_GRPC_PORT", Integer.toString(port),
                    "PERILUNE_OTLP_MAX_BODY_BYTES", Integer.toString(LIMIT)))
            .withProjects()
            .ready();
    calls = new GrpcCalls(gateway.vertx, port);
  }

  @AfterAll
  static void stop() {
    calls.close();
    gateway.close();
  }

  @Test
  void spansAreTakenPlainAndGzipped() throws IOException {
    byte[] spans = OtlpBodies.protobuf("00000000000000a1");

    for (Ended ended :
        new Ended[] {
          calls.call(EXPORT, spans, false), calls.call(EXPORT, Compressed.gzip(spans), true)
        }) {
      assertEquals("0", ended.status());
      assertEquals(Buffer.buffer(new byte[5]), ended.body());
    }
  }

  @Test
  void aFreePortIsNotThatOfHttp() throws IOException {
    try (GatewayTester both =
        new GatewayTester(
            KAFKA.bootstrapServers(),
            POSTGRES.settings(),
            Map.of("PERILUNE_HOST", "127.0.0.1", "PERILUNE_OTLP_GRPC_PORT", "0"))) {
      // servers that share a port take connections in turn
      for (int i = 0; i < 8; i++) {
        URLConnection connection =
            URI.create("http://127.0.0.1:" + both.port() + "/v1/live").toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        connection.setReadTimeout(30_000);

        assertNotEquals("application/grpc", connection.getContentType());
      }
    }
  }

  @Test
  void rejectedSpansAreTold() {
    Ended ended = calls.call(EXPORT, OtlpBodies.protobuf("0000000000000000"), false);

    assertEquals("0", ended.status());
    assertTrue(ended.body().toString().contains("1 span rejected: invalid span id (1)"));
  }

  @Test
  void whatCanNeverBeTakenIsNotWorthARetry() throws IOException {
    Ended broken = calls.call(EXPORT, new byte[] {10, -1, 1}, false);
    Ended bomb = calls.call(EXPORT, Compressed.gzip(new byte[LIMIT + 1]), true);
    Ended unknown =
        calls.call(
            "/opentelemetry.proto.collector.trace.v1.TraceService/Import", new byte[0], false);

    assertEquals("3", broken.status());
    assertEquals("8", bomb.status());
    assertNull(bomb.details());
    assertEquals("12", unknown.status());
  }

  @Test
  void aCallWithoutItsMessageIsInvalid() {
    assertEquals(
        "3", calls.send(EXPORT, Buffer.buffer("abc"), false, GatewayTester.PRIVATE_KEY).status());
  }

  @Test
  void anUnknownKeyIsUnauthenticated() {
    Buffer message = GrpcCalls.framed(new byte[0], false);

    assertEquals("16", calls.send(EXPORT, message, false, UUID.randomUUID()).status());
  }
}
