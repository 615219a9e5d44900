package dev.perilune.processor;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** Work that begins again some time after it ended, until closed. */
final class Repeated {
  private final Vertx vertx;
  private final Supplier<Future<Duration>> work;
  private volatile boolean closed;

  private Repeated(Vertx vertx, Supplier<Future<Duration>> work) {
    this.vertx = vertx;
    this.work = work;
  }

  /**
   * Begins at once.
   *
   * @param work never fails, and tells how long to pause after it
   */
  static Repeated start(Vertx vertx, Supplier<Future<Duration>> work) {
    Repeated repeated = new Repeated(vertx, work);
    repeated.turn();
    return repeated;
  }

  /** What is under way ends by itself. */
  void close() {
    closed = true;
  }

  private void turn() {
    work.get().onSuccess(this::again);
  }

  private void again(Duration pause) {
    if (!closed) {
      vertx.setTimer(pause.toMillis(), timer -> turn());
    }
  }
}
