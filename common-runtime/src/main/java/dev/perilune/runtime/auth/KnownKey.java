package dev.perilune.runtime.auth;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A key as Postgres last confirmed it; shared by event loops. */
final class KnownKey {

  final Future<Optional<Caller>> answer;
  final long confirmedNanos;

  /** When Postgres last failed to confirm this key again; 0 = has not. */
  volatile long outageNanos;

  private final AtomicBoolean refreshing = new AtomicBoolean();

  KnownKey(Optional<Caller> caller, long confirmedNanos) {
    this.answer = Future.succeededFuture(caller);
    this.confirmedNanos = confirmedNanos;
  }

  /** Claims the one refresh that may run at a time. */
  boolean startRefresh() {
    return refreshing.compareAndSet(false, true);
  }

  void endRefresh() {
    refreshing.set(false);
  }

  void noteOutage(long nowNanos) {
    outageNanos = nowNanos == 0 ? 1 : nowNanos;
  }
}
