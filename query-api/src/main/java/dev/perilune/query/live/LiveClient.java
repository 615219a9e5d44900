package dev.perilune.query.live;

import dev.perilune.model.ProjectId;
import dev.perilune.query.filter.RunFacts;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * One listener. What it is too slow for is dropped and counted, and it is told how many that were;
 * at most some pieces on their way to its event loop and one full write queue are held for it.
 */
final class LiveClient {
  private static final int QUEUE_BYTES = 256 << 10;
  private static final int MOST_PIECES = 8;
  private static final Buffer HEARTBEAT = Buffer.buffer(": still here\n\n");
  private static final Buffer READY = Buffer.buffer("event: ready\ndata: {}\n\n");

  private final ProjectId project;
  private final Predicate<RunFacts> filter;
  private final Context context;
  private final HttpServerResponse response;
  private final Counter droppedRuns;
  private final AtomicInteger pieces = new AtomicInteger();

  // runs that it was not told of since the last notice
  private final AtomicInteger dropped = new AtomicInteger();

  // on the client's event loop alone
  private boolean isReady;

  LiveClient(
      ProjectId project,
      Predicate<RunFacts> filter,
      Context context,
      HttpServerResponse response,
      Counter droppedRuns) {
    this.project = project;
    this.filter = filter;
    this.context = context;
    this.response = response;
    this.droppedRuns = droppedRuns;
    response
        .setChunked(true)
        .setWriteQueueMaxSize(QUEUE_BYTES)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        // compression and proxies would hold events back
        .putHeader("Content-Encoding", "identity")
        .putHeader("X-Accel-Buffering", "no");
  }

  ProjectId project() {
    return project;
  }

  boolean wants(RunFacts run) {
    return filter.test(run);
  }

  /** Sends some runs, or counts them as dropped; from any thread. */
  void offer(Buffer frames, int runs) {
    if (pieces.incrementAndGet() > MOST_PIECES) {
      pieces.decrementAndGet();
      drop(runs);
      return;
    }
    context.runOnContext(
        now -> {
          pieces.decrementAndGet();
          if (response.writeQueueFull()) {
            drop(runs);
          } else {
            tellDropped();
            write(frames);
          }
        });
  }

  /** From now on every change comes; tells the client so, the first time. */
  void ready() {
    context.runOnContext(
        now -> {
          if (!isReady) {
            isReady = true;
            write(READY);
          }
        });
  }

  /** Tells what was dropped, or only that the connection lives. */
  void heartbeat() {
    context.runOnContext(
        now -> {
          if (!response.writeQueueFull()) {
            tellDropped();
            write(HEARTBEAT);
          }
        });
  }

  void end() {
    context.runOnContext(
        now -> {
          if (!response.ended() && !response.closed()) {
            response.end();
          }
        });
  }

  private void drop(int runs) {
    dropped.addAndGet(runs);
    droppedRuns.increment(runs);
  }

  private void tellDropped() {
    int missed = dropped.getAndSet(0);
    if (missed > 0) {
      write(Buffer.buffer("event: dropped\ndata: {\"runs\":" + missed + "}\n\n"));
    }
  }

  private void write(Buffer frames) {
    if (!response.ended() && !response.closed()) {
      response.write(frames);
    }
  }
}
