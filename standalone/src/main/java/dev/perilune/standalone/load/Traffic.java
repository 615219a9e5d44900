package dev.perilune.standalone.load;

import dev.perilune.standalone.load.Instance.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends runs and notes what is answered.
 *
 * <p>By the clock, a request that no connection is free for keeps the time it should have been sent
 * at, and its latency counts from then: a slow instance cannot slow its own measurement down.
 *
 * <p>Lives on one event loop; create and start it there.
 */
final class Traffic {
  private static final long TICK_MILLIS = 1;
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 100;

  private final Vertx vertx;
  private final LoadPlan plan;
  private final Instance instance;
  private final Door.Batches batches;
  private final Sampler sampler;
  private final Tally tally;
  private final Promise<Void> done = Promise.promise();
  private final Deque<String> lastReceipts = new ArrayDeque<>();

  private final long measuredFrom;
  private final long endNanos;
  private long nextDue;
  private int freeConnections;
  private long acknowledgedRuns;
  private long timer;

  Traffic(
      Vertx vertx,
      LoadPlan plan,
      Instance instance,
      Door.Batches batches,
      Sampler sampler,
      Tally tally) {
    this.vertx = vertx;
    this.plan = plan;
    this.instance = instance;
    this.batches = batches;
    this.sampler = sampler;
    this.tally = tally;
    this.nextDue = System.nanoTime();
    this.measuredFrom = nextDue + plan.warmup().toNanos();
    this.endNanos = measuredFrom + plan.measured().toNanos();
    this.freeConnections = plan.connections();
  }

  /** Completes when the time is over and everything sent is answered. */
  Future<Void> run() {
    timer = vertx.setPeriodic(TICK_MILLIS, tick -> turn());
    turn();
    return done.future();
  }

  /** When measuring began or will begin, on the clock of {@link System#nanoTime()}. */
  long measuredFrom() {
    return measuredFrom;
  }

  /** Runs that were taken whole, those of the warm-up too. */
  long acknowledgedRuns() {
    return acknowledgedRuns;
  }

  /** Receipts of the last requests, one for each connection; none where there are no receipts. */
  List<String> lastReceipts() {
    return List.copyOf(lastReceipts);
  }

  /** Runs that were due and not sent, because every connection was busy to the end. */
  long unsentRuns() {
    return plan.isClosedLoop() || nextDue >= endNanos
        ? 0
        : (endNanos - nextDue) / plan.requestIntervalNanos() * plan.runsPerRequest();
  }

  private void turn() {
    long now = System.nanoTime();
    while (freeConnections > 0 && now < endNanos && (plan.isClosedLoop() || nextDue <= now)) {
      send(plan.isClosedLoop() ? now : nextDue);
      nextDue += plan.isClosedLoop() ? 0 : plan.requestIntervalNanos();
      now = System.nanoTime();
    }
    if (now >= endNanos && freeConnections == plan.connections()) {
      vertx.cancelTimer(timer);
      done.tryComplete();
    }
  }

  private void send(long dueNanos) {
    freeConnections--;
    boolean isMeasured = dueNanos >= measuredFrom;
    RunBatch batch = batches.next(System.currentTimeMillis());
    instance
        .ingest(plan.door(), batch.body())
        .onSuccess(answer -> answered(batch, answer, dueNanos, isMeasured))
        .onFailure(
            cause -> {
              if (isMeasured) {
                tally.failed(0);
              }
              freeLater();
            });
  }

  private void answered(RunBatch batch, Answer answer, long dueNanos, boolean isMeasured) {
    int taken = answer.isOk() ? plan.door().taken(answer, plan.itemsPerRequest()) : 0;
    acknowledgedRuns += taken / plan.door().itemsPerRun();
    keep(Sampler.receipt(answer));
    if (isMeasured && answer.isOk()) {
      tally.answered(taken, plan.itemsPerRequest(), System.nanoTime() - dueNanos);
      sampler.offer(batch, answer, dueNanos);
    } else if (isMeasured) {
      tally.failed(answer.status());
    }
    if (answer.isOk()) {
      freeConnections++;
      turn();
    } else {
      freeLater();
    }
  }

  private void keep(@Nullable String receipt) {
    if (receipt != null) {
      lastReceipts.addLast(receipt);
      if (lastReceipts.size() > plan.connections()) {
        lastReceipts.removeFirst();
      }
    }
  }

  private void freeLater() {
    vertx.setTimer(PAUSE_AFTER_FAILURE_MILLIS, pause -> freeConnections++);
  }
}
