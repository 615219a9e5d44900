package dev.perilune.benchmarks.bench;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Waits for a future on a thread that may wait. */
final class Waiting {
  private static final long LIMIT_SECONDS = 120;

  private Waiting() {}

  static <T> T on(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
