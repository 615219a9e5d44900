package dev.perilune.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** OTLP over gRPC at a running gateway; real exporters are driven against the whole. */
class GrpcIT {
  private static final String EXPORT =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final int LIMIT = 1 << 20;

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;
  private static HttpClientAgent client;
  private static int port;

  /** What a call ends with; a status stands in the headers or in the trailers. */
  private record Ended(String status, @Nullable String details, Buffer body) {}

  @BeforeAll
  static void start() throws IOException {
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
    client =
        gateway.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  @AfterAll
  static void stop() {
    GatewayTester.await(client.close());
    gateway.close();
  }

  @Test
  void spansAreTakenPlainAndGzipped() throws IOException {
    byte[] spans = OtlpBodies.protobuf("00000000000000a1");

    for (Ended ended :
        new Ended[] {call(EXPORT, spans, false), call(EXPORT, Compressed.gzip(spans), true)}) {
      assertEquals("0", ended.status);
      assertEquals(Buffer.buffer(new byte[5]), ended.body);
    }
  }

  @Test
  void rejectedSpansAreTold() {
    Ended ended = call(EXPORT, OtlpBodies.protobuf("0000000000000000"), false);

    assertEquals("0", ended.status);
    assertTrue(ended.body.toString().contains("1 span rejected: invalid span id (1)"));
  }

  @Test
  void whatCanNeverBeTakenIsNotWorthARetry() throws IOException {
    Ended broken = call(EXPORT, new byte[] {10, -1, 1}, false);
    Ended bomb = call(EXPORT, Compressed.gzip(new byte[LIMIT + 1]), true);
    Ended unknown =
        call("/opentelemetry.proto.collector.trace.v1.TraceService/Import", new byte[0], false);

    assertEquals("3", broken.status);
    assertEquals("8", bomb.status);
    assertNull(bomb.details);
    assertEquals("12", unknown.status);
  }

  @Test
  void aCallWithoutItsMessageIsInvalid() {
    assertEquals("3", send(EXPORT, Buffer.buffer("abc"), false, GatewayTester.PRIVATE_KEY).status);
  }

  @Test
  void anUnknownKeyIsUnauthenticated() {
    Buffer message = framed(new byte[0], false);

    assertEquals("16", send(EXPORT, message, false, UUID.randomUUID()).status);
  }

  private static Ended call(String path, byte[] message, boolean gzip) {
    return send(path, framed(message, gzip), gzip, GatewayTester.PRIVATE_KEY);
  }

  private static Buffer framed(byte[] message, boolean gzip) {
    return Buffer.buffer()
        .appendByte((byte) (gzip ? 1 : 0))
        .appendInt(message.length)
        .appendBytes(message);
  }

  private static Ended send(String path, Buffer body, boolean gzip, UUID key) {
    Future<Ended> ended =
        client
            .request(HttpMethod.POST, port, "127.0.0.1", path)
            .compose(
                request -> {
                  request
                      .putHeader("content-type", "application/grpc")
                      .putHeader("te", "trailers")
                      .putHeader("authorization", "Bearer " + key);
                  if (gzip) {
                    request.putHeader("grpc-encoding", "gzip");
                  }
                  // within this callback, so that an answer without a body is not over before
                  // anybody listens
                  return request.send(body).compose(GrpcIT::ended);
                });
    return GatewayTester.await(ended);
  }

  private static Future<Ended> ended(HttpClientResponse answer) {
    return answer
        .body()
        .map(
            bytes ->
                new Ended(
                    either(answer.getHeader("grpc-status"), answer.getTrailer("grpc-status")),
                    answer.getHeader("grpc-status-details-bin"),
                    bytes));
  }

  private static String either(@Nullable String header, @Nullable String trailer) {
    return header != null ? header : String.valueOf(trailer);
  }
}
