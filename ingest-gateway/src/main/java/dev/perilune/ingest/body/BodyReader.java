package dev.perilune.ingest.body;

import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * Reads whole request bodies within limits: the decoded size of one, the bytes of all together, and
 * the time one may take. What is over a limit is answered at once and the rest of the body thrown
 * away as it comes. A request's bytes count until it is answered or its client is gone.
 *
 * <p>For use on the event loop of the request, before its first bytes were handed out.
 */
public final class BodyReader {

  /** A compressed body can be this much longer than its content. */
  private static final int COMPRESSION_OVERHEAD_BYTES = 64 * 1024;

  /** Decompressing more than this is left to a worker. */
  private static final int INLINE_COMPRESSED_BYTES = 4 * 1024;

  private static final int GRPC_HEAD_BYTES = 5;

  /** How often a body is looked at: it must have grown by 16 KB for each second. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int maxBytes;
  private final ByteBudget budget;
  private final Duration patience;

  /**
   * @param maxBytes of one body, decoded
   */
  public BodyReader(int maxBytes, ByteBudget budget) {
    this(maxBytes, budget, PATIENCE);
  }

  BodyReader(int maxBytes, ByteBudget budget, Duration patience) {
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.patience = patience;
  }

  /**
   * Returns the decoded body.
   *
   * @return fails with the {@link Problem} that the client is to be told
   */
  public Future<byte[]> read(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    ByteShare share = new ByteShare(budget);
    ctx.addEndHandler(over -> share.release());
    Inflation inflation;
    try {
      inflation = Inflation.of(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    } catch (Problem unknownEncoding) {
      return Future.failedFuture(unknownEncoding);
    }
    boolean plain = inflation == Inflation.NONE;
    long maxReceived = plain ? maxBytes : (long) maxBytes + COMPRESSION_OVERHEAD_BYTES;
    Future<byte[]> received = new Arrival(ctx, share, maxReceived, patience).start();
    return plain ? received : received.compose(bytes -> inflate(ctx, inflation, bytes, share));
  }

  /**
   * Returns the one message that a gRPC call sends, decoded.
   *
   * @return fails with the {@link Problem} that the client is to be told
   */
  public Future<byte[]> readMessage(RoutingContext ctx) {
    ByteShare share = new ByteShare(budget);
    ctx.addEndHandler(over -> share.release());
    Inflation inflation;
    try {
      inflation = Inflation.of(ctx.request().getHeader("grpc-encoding"));
    } catch (Problem unknownEncoding) {
      return Future.failedFuture(unknownEncoding);
    }
    return new Arrival(ctx, share, (long) maxBytes + COMPRESSION_OVERHEAD_BYTES, patience)
        .start()
        .compose(bytes -> message(ctx, inflation, bytes, share));
  }

  /** A byte that tells whether the message is compressed, four of its length, the message. */
  private Future<byte[]> message(
      RoutingContext ctx, Inflation inflation, byte[] frame, ByteShare share) {
    boolean isOne =
        frame.length >= GRPC_HEAD_BYTES
            && ByteBuffer.wrap(frame).getInt(1) == frame.length - GRPC_HEAD_BYTES;
    if (!isOne) {
      return Future.failedFuture(new Problem.BadRequest("The call must send one message"));
    }
    byte[] message = Arrays.copyOfRange(frame, GRPC_HEAD_BYTES, frame.length);
    return frame[0] == 0 ? whole(message) : inflate(ctx, inflation, message, share);
  }

  private Future<byte[]> whole(byte[] message) {
    return message.length <= maxBytes
        ? Future.succeededFuture(message)
        : Future.failedFuture(new Problem.TooLarge());
  }

  private Future<byte[]> inflate(
      RoutingContext ctx, Inflation inflation, byte[] bytes, ByteShare share) {
    if (bytes.length == 0) {
      return Future.succeededFuture(bytes);
    }
    if (bytes.length <= INLINE_COMPRESSED_BYTES) {
      return Future.succeededFuture(inflation.inflate(bytes, maxBytes, share));
    }
    return ctx.vertx().executeBlocking(() -> inflation.inflate(bytes, maxBytes, share), false);
  }
}
