package dev.perilune.query.users;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.audit.AuditSql;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.edit.RunEdits;
import dev.perilune.runtime.edit.UserErasure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases users, and goes on with erasures that were interrupted: by an outage, or because the
 * service that began them was stopped.
 */
final class Erasures {
  private static final Logger log = LoggerFactory.getLogger(Erasures.class);
  private static final long LOOK_MILLIS = 10_000;

  /** Long enough for most users; whoever has more is erased after the answer. */
  private static final long ANSWER_SECONDS = 5;

  private final Vertx vertx;
  private final UserErasure erasure;
  private final AtomicBoolean working = new AtomicBoolean();
  private final long timer;

  Erasures(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.erasure = new UserErasure(new RunEdits(database));
    this.timer = vertx.setPeriodic(LOOK_MILLIS, tick -> goOn());
  }

  /**
   * Erases a user.
   *
   * @return done when the user is gone and all of their data is, or five seconds passed
   */
  Future<Void> erase(UUID project, long user, Audit deed) {
    return erasure
        .begin(project, user, connection -> AuditSql.write(connection, deed))
        .compose(
            begun ->
                begun.isEmpty()
                    ? Future.succeededFuture()
                    : erasure
                        .goOn(begun.get())
                        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .recover(cause -> later(begun.get(), cause)));
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  private static Future<Void> later(long id, Throwable cause) {
    if (!(cause instanceof TimeoutException)) {
      log.warn("Erasure {} is interrupted, it goes on later: {}", id, cause.getMessage());
    }
    return Future.succeededFuture();
  }

  private void goOn() {
    if (!working.compareAndSet(false, true)) {
      return;
    }
    erasure
        .open()
        .compose(
            open -> {
              Future<Void> all = Future.succeededFuture();
              for (long id : open) {
                all = all.compose(done -> erasure.goOn(id));
              }
              return all;
            })
        .onFailure(cause -> log.warn("Erasures wait: {}", cause.getMessage()))
        .onComplete(done -> working.set(false));
  }
}
