package dev.perilune.query.ingest;

import dev.perilune.model.wire.Receipt;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Waits until the processors are past a receipt. All who wait share one question to the database,
 * asked again on a timer while anybody waits: soon after somebody came or offsets moved, then less
 * and less often. May be used from any thread.
 */
final class Visibility {
  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 320;

  private final Vertx vertx;
  private final Supplier<Future<Map<Integer, Long>>> storedOffsets;
  private final int mostWaiting;
  private final List<Waiter> waiting = new ArrayList<>();
  private Map<Integer, Long> last = Map.of();
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private boolean turning;

  /**
   * @param storedOffsets partition to the first offset that is not visible yet
   * @param mostWaiting who comes while so many wait is refused
   */
  Visibility(Vertx vertx, Supplier<Future<Map<Integer, Long>>> storedOffsets, int mostWaiting) {
    this.vertx = vertx;
    this.storedOffsets = storedOffsets;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Whether everything in the receipt is visible, as soon as it is so or the patience ends.
   *
   * @param patience zero asks once
   */
  Future<Boolean> of(Receipt receipt, Duration patience) {
    long sinceNanos = System.nanoTime();
    return storedOffsets
        .get()
        .compose(
            stored ->
                isVisible(receipt, stored) || patience.isZero()
                    ? Future.succeededFuture(isVisible(receipt, stored))
                    : join(waiter(receipt, sinceNanos + patience.toNanos())));
  }

  private Future<Boolean> join(Waiter waiter) {
    synchronized (this) {
      if (waiting.size() >= mostWaiting) {
        return Future.failedFuture(
            new Problem.Unavailable("Too many requests wait for receipts; ask without wait"));
      }
      waiting.add(waiter);
      pauseMillis = FIRST_PAUSE_MILLIS;
      if (turning) {
        return waiter.answer.future();
      }
      turning = true;
    }
    turnLater(FIRST_PAUSE_MILLIS);
    return waiter.answer.future();
  }

  private void turnLater(long millis) {
    vertx.setTimer(
        millis, timer -> storedOffsets.get().onSuccess(this::turn).onFailure(this::failAll));
  }

  private void turn(Map<Integer, Long> stored) {
    List<Waiter> done = new ArrayList<>();
    long pause;
    synchronized (this) {
      long now = System.nanoTime();
      waiting.removeIf(waiter -> waiter.isDone(stored, now) && done.add(waiter));
      pauseMillis =
          stored.equals(last)
              ? Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)
              : FIRST_PAUSE_MILLIS;
      last = stored;
      turning = !waiting.isEmpty();
      pause = turning ? Math.min(pauseMillis, untilNextDeadline(now)) : 0;
    }
    done.forEach(waiter -> waiter.complete(isVisible(waiter.receipt, stored)));
    if (pause > 0) {
      turnLater(pause);
    }
  }

  private long untilNextDeadline(long now) {
    long nanos =
        waiting.stream()
            .mapToLong(waiter -> waiter.deadlineNanos - now)
            .min()
            .orElse(Long.MAX_VALUE);
    return Math.max(1, Duration.ofNanos(nanos).toMillis());
  }

  private void failAll(Throwable cause) {
    List<Waiter> done;
    synchronized (this) {
      done = List.copyOf(waiting);
      waiting.clear();
      turning = false;
    }
    done.forEach(waiter -> waiter.fail(cause));
  }

  private static boolean isVisible(Receipt receipt, Map<Integer, Long> stored) {
    return receipt.lastOffsets().entrySet().stream()
        .allMatch(last -> stored.getOrDefault(last.getKey(), 0L) > last.getValue());
  }

  private Waiter waiter(Receipt receipt, long deadlineNanos) {
    return new Waiter(receipt, deadlineNanos, vertx.getOrCreateContext(), Promise.promise());
  }

  /** One who waits; answered where the question came from, since turns happen anywhere. */
  private record Waiter(
      Receipt receipt, long deadlineNanos, Context context, Promise<Boolean> answer) {

    boolean isDone(Map<Integer, Long> stored, long nowNanos) {
      return isVisible(receipt, stored) || nowNanos - deadlineNanos >= 0;
    }

    void complete(boolean visible) {
      context.runOnContext(now -> answer.complete(visible));
    }

    void fail(Throwable cause) {
      context.runOnContext(now -> answer.fail(cause));
    }
  }
}
