package dev.perilune.ingest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls the gateway's gRPC port as exporters do. */
final class GrpcCalls implements AutoCloseable {
  static final String EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final HttpClientAgent client;
  private final int port;

  GrpcCalls(Vertx vertx, int port) {
    this.port = port;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  /** What a call ends with; a status stands in the headers or in the trailers. */
  record Ended(String status, @Nullable String details, Buffer body) {}

  Ended call(String path, byte[] message, boolean gzip) {
    return send(path, framed(message, gzip), gzip, GatewayTester.PRIVATE_KEY);
  }

  static Buffer framed(byte[] message, boolean gzip) {
    return Buffer.buffer()
        .appendByte((byte) (gzip ? 1 : 0))
        .appendInt(message.length)
        .appendBytes(message);
  }

  Ended send(String path, Buffer body, boolean gzip, UUID key) {
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
                  return request.send(body).compose(GrpcCalls::ended);
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

  @Override
  public void close() {
    GatewayTester.await(client.close());
  }
}
