package dev.perilune.ingest.otlp;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes the answers of gRPC calls, as
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md wants them. The HTTP status is
 * always 200.
 */
final class GrpcAnswer {
  static final String CONTENT_TYPE = "application/grpc";

  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  private GrpcAnswer() {}

  static void taken(RoutingContext ctx, Tally tally) {
    Buffer message = Format.PROTOBUF.taken(tally);
    begin(ctx)
        .putTrailer("grpc-status", "0")
        .end(
            Buffer.buffer(message.length() + 5)
                .appendByte((byte) 0)
                .appendInt(message.length())
                .appendBuffer(message));
  }

  /** Headers alone; exporters retry what says when to come back. */
  static void refused(RoutingContext ctx, Refusal refusal) {
    if (ctx.response().ended() || ctx.response().closed()) {
      return;
    }
    RpcCode code = refusal.code();
    HttpServerResponse response =
        begin(ctx)
            .putHeader("grpc-status", Integer.toString(code.number()))
            .putHeader("grpc-message", percentEncoded(refusal.text()));
    if (refusal.retrySeconds() > 0) {
      byte[] details = status(code, refusal).getBytes();
      response.putHeader(
          "grpc-status-details-bin", Base64.getEncoder().withoutPadding().encodeToString(details));
    }
    response.end();
  }

  private static HttpServerResponse begin(RoutingContext ctx) {
    return ctx.response()
        .putHeader("content-type", CONTENT_TYPE)
        .putHeader("grpc-accept-encoding", "identity,gzip,deflate");
  }

  /** The {@code google.rpc.Status} with its retry delay: code 1, message 2, details 3. */
  private static Buffer status(RpcCode code, Refusal refusal) {
    Buffer delay = Format.written(out -> out.writeInt64(1, refusal.retrySeconds()));
    Buffer retryInfo = Format.written(out -> out.writeByteArray(1, delay.getBytes()));
    Buffer any =
        Format.written(
            out -> {
              out.writeString(1, RETRY_INFO);
              out.writeByteArray(2, retryInfo.getBytes());
            });
    return Format.written(
        out -> {
          out.writeInt32(1, code.number());
          out.writeString(2, refusal.text());
          out.writeByteArray(3, any.getBytes());
        });
  }

  private static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return encoded.toString();
  }
}
