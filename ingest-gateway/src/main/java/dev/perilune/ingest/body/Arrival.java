package dev.perilune.ingest.body;

import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One body on its way in. */
final class Arrival {

  /** A body below this size needs no watch: what it can hold for how long hardly matters. */
  private static final int WATCHED_BYTES = 64 * 1024;

  /** Slower than this and the sender is given up: 16 KB a second. */
  private static final long LEAST_BYTES_A_MILLISECOND = 16;

  /** After an early answer, so much more is read and thrown away before the connection is cut. */
  private static final long MOST_DISCARDED_BYTES = 256L << 20;

  private static final long NO_TIMER = -1;

  private final RoutingContext ctx;
  private final HttpServerRequest request;
  private final ByteShare share;
  private final long maxBytes;
  private final long watchMillis;
  private Promise<byte[]> whole = Promise.promise();
  private final List<Buffer> chunks = new ArrayList<>(4);

  private long received;
  private long receivedBeforeWatch;
  private long watchTimer = NO_TIMER;

  Arrival(RoutingContext ctx, ByteShare share, long maxBytes, Duration patience) {
    this.ctx = ctx;
    this.request = ctx.request();
    this.share = share;
    this.maxBytes = maxBytes;
    this.watchMillis = patience.toMillis();
  }

  Future<byte[]> start() {
    long announced = announcedBytes();
    request.exceptionHandler(this::broken);
    if (announced > maxBytes) {
      giveUp(new Problem.TooLarge());
      return whole.future();
    }
    request.handler(this::take).endHandler(end -> finish());
    if (announced < 0 || announced > WATCHED_BYTES) {
      watch();
    }
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      ctx.response().writeContinue();
    }
    return whole.future();
  }

  private long announcedBytes() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException unreadable) {
      return -1;
    }
  }

  private void take(Buffer chunk) {
    received += chunk.length();
    if (received > maxBytes) {
      giveUp(new Problem.TooLarge());
    } else if (!share.grow(chunk.length())) {
      giveUp(new Problem.Unavailable("The gateway holds as many bytes as it may"));
    } else {
      chunks.add(chunk);
    }
  }

  private void finish() {
    stopWatch();
    Promise<byte[]> waitedFor = whole;
    // the request, and this with it, outlives its body by the wait for the broker
    whole = Promise.promise();
    waitedFor.tryComplete(joined());
  }

  private byte[] joined() {
    byte[] bytes = new byte[(int) received];
    int at = 0;
    for (Buffer chunk : chunks) {
      chunk.getBytes(bytes, at);
      at += chunk.length();
    }
    chunks.clear();
    return bytes;
  }

  /** The client is gone: nobody reads the answer, but the share must come back. */
  private void broken(Throwable cause) {
    stopWatch();
    chunks.clear();
    share.release();
    whole.tryFail(new Problem.BadRequest("the request broke off"));
  }

  private void giveUp(Problem problem) {
    stopWatch();
    chunks.clear();
    share.release();
    request.handler(this::discard).endHandler(end -> stopWatch());
    receivedBeforeWatch = received;
    watchTimer = ctx.vertx().setTimer(watchMillis, timer -> cut());
    whole.tryFail(problem);
  }

  private void discard(Buffer chunk) {
    received += chunk.length();
    if (received - receivedBeforeWatch > MOST_DISCARDED_BYTES) {
      stopWatch();
      cut();
    }
  }

  private void watch() {
    receivedBeforeWatch = received;
    watchTimer =
        ctx.vertx()
            .setTimer(
                watchMillis,
                timer -> {
                  if (received - receivedBeforeWatch < LEAST_BYTES_A_MILLISECOND * watchMillis) {
                    ctx.addEndHandler(over -> cut());
                    giveUp(new Problem.TooSlow());
                  } else {
                    watch();
                  }
                });
  }

  private void stopWatch() {
    if (watchTimer >= 0) {
      ctx.vertx().cancelTimer(watchTimer);
      watchTimer = NO_TIMER;
    }
  }

  private void cut() {
    request.connection().close();
  }
}
