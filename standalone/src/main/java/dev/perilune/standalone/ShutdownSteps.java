package dev.perilune.standalone;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started and must be stopped, the last first. A step that fails or takes too long is
 * logged and left behind, so that the next one still gets its turn.
 */
final class ShutdownSteps implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShutdownSteps.class);

  private final Deque<Step> steps = new ArrayDeque<>();
  private volatile boolean isClosed;

  /** Adds a step that may take up to {@code limit}. */
  void add(String name, Duration limit, Supplier<Future<?>> stop) {
    push(new Step(name, limit, () -> stop.get().toCompletionStage().toCompletableFuture()));
  }

  /** Adds a step that blocks; it runs on a thread of its own. */
  void addBlocking(String name, Duration limit, Runnable stop) {
    push(new Step(name, limit, () -> CompletableFuture.runAsync(stop, ShutdownSteps::run)));
  }

  /**
   * Starts something that adds steps. What fails once stopping has begun fails because of it.
   *
   * @throws StartRefused when stopping began meanwhile and the start failed
   */
  <T> T whileStarting(Supplier<T> start) {
    try {
      return start.get();
    } catch (RuntimeException e) {
      throw isClosed ? stoppedWhileStarting() : e;
    }
  }

  private static StartRefused stoppedWhileStarting() {
    return new StartRefused("Stopped while starting");
  }

  private synchronized void push(Step step) {
    if (isClosed) {
      throw stoppedWhileStarting();
    }
    steps.push(step);
  }

  private static void run(Runnable task) {
    Thread thread = new Thread(task, "stop");
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs every step once; calling it again does nothing. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (steps.isEmpty()) {
      return;
    }
    Instant begun = Instant.now();
    while (!steps.isEmpty()) {
      steps.pop().run();
    }
    log.info("Stopped in {} ms", Duration.between(begun, Instant.now()).toMillis());
  }

  private record Step(String name, Duration limit, Supplier<CompletableFuture<?>> stop) {
    void run() {
      try {
        stop.get().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        log.warn("Not stopped cleanly within {} ms: {} ({})", limit.toMillis(), name, e.toString());
      }
    }
  }
}
