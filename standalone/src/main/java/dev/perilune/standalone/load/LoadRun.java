package dev.perilune.standalone.load;

import dev.perilune.standalone.remote.RemoteFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One measurement: send for the time that was asked for, then wait until everything that was
 * acknowledged can be read.
 *
 * <p>Runs are counted before and after, so nothing else may write to the project meanwhile. Lives
 * on one event loop; create and start it there.
 */
final class LoadRun {
  /** Waiting ends here, whatever is still missing then. */
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(2);

  /** Counting takes time from what is being measured, so it may use a ninth of it. */
  private static final int COUNT_PAUSE_SHARE = 8;

  private static final long SHORTEST_COUNT_PAUSE_MILLIS = 100;
  private static final long RECEIPT_PAUSE_MILLIS = 20;

  private final Vertx vertx;
  private final LoadPlan plan;
  private final Instance instance;
  private final long seed;
  private final Tally tally = new Tally();
  private final CpuClock cpu = new CpuClock();
  private final Promise<LoadReport> report = Promise.promise();

  LoadRun(Vertx vertx, LoadPlan plan, Instance instance, long seed) {
    this.vertx = vertx;
    this.plan = plan;
    this.instance = instance;
    this.seed = seed;
  }

  /** Fails with {@link RemoteFailure} when the instance cannot be measured. */
  Future<LoadReport> start() {
    instance
        .countRuns()
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof RemoteFailure
                        ? cause
                        : new RemoteFailure(
                            "Cannot reach the instance (%s). Is Perilune running there?"
                                .formatted(cause))))
        .onSuccess(this::send)
        .onFailure(report::tryFail);
    return report.future();
  }

  private void send(long runsBefore) {
    Sampler sampler = new Sampler(vertx, instance, tally);
    Traffic traffic =
        new Traffic(vertx, plan, instance, plan.door().batches(plan, seed), sampler, tally);
    cpu.start();
    Future<Long> visibleAtStart =
        vertx
            .timer(Math.max(1, plan.warmup().toMillis()), TimeUnit.MILLISECONDS)
            .compose(warm -> instance.countRuns());
    traffic
        .run()
        .onSuccess(
            sent -> {
              cpu.stop();
              long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
              vertx.setTimer(CATCH_UP_LIMIT.toMillis(), late -> sampler.giveUp());
              Future<Long> missing =
                  whenReceived(traffic.lastReceipts(), deadline)
                      .compose(
                          seen -> whenVisible(runsBefore + traffic.acknowledgedRuns(), deadline));
              missing
                  .map(runs -> new Visible(System.nanoTime() - traffic.measuredFrom(), runs))
                  .compose(visible -> sampler.finish().map(read -> visible))
                  .compose(
                      visible ->
                          visibleAtStart.map(
                              count ->
                                  report(
                                      traffic,
                                      visible,
                                      runsBefore + traffic.acknowledgedRuns() - count)))
                  .onComplete(report);
            });
  }

  /** Receipts tell at no cost when it is worth counting. */
  private Future<Void> whenReceived(List<String> receipts, long deadlineNanos) {
    return Future.all(receipts.stream().map(receipt -> received(receipt, deadlineNanos)).toList())
        .mapEmpty();
  }

  private Future<Void> received(String receipt, long deadlineNanos) {
    Promise<Void> received = Promise.promise();
    lookForReceipt(receipt, deadlineNanos, received);
    return received.future();
  }

  // by promises, since futures that wait for futures pile up with every look
  private void lookForReceipt(String receipt, long deadlineNanos, Promise<Void> received) {
    instance
        .get(Instance.receiptPath(receipt))
        .map(answer -> answer.body().toString().contains(Sampler.VISIBLE))
        .otherwise(false)
        .onSuccess(
            isVisible -> {
              if (isVisible || System.nanoTime() > deadlineNanos) {
                received.complete();
              } else {
                vertx.setTimer(
                    RECEIPT_PAUSE_MILLIS,
                    pause -> lookForReceipt(receipt, deadlineNanos, received));
              }
            });
  }

  /** Completes with the number of runs that could not be read in time. */
  private Future<Long> whenVisible(long expected, long deadlineNanos) {
    Promise<Long> missing = Promise.promise();
    lookForRuns(expected, deadlineNanos, missing);
    return missing.future();
  }

  private void lookForRuns(long expected, long deadlineNanos, Promise<Long> missing) {
    long askedNanos = System.nanoTime();
    instance
        .countRuns()
        .otherwise(0L)
        .onSuccess(
            count -> {
              if (count == expected || System.nanoTime() > deadlineNanos) {
                missing.complete(expected - count);
              } else {
                vertx.setTimer(
                    countPauseMillis(askedNanos),
                    pause -> lookForRuns(expected, deadlineNanos, missing));
              }
            });
  }

  private static long countPauseMillis(long askedNanos) {
    long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedNanos);
    return Math.max(SHORTEST_COUNT_PAUSE_MILLIS, COUNT_PAUSE_SHARE * tookMillis);
  }

  /**
   * @param waiting runs that were to become visible since measuring began, those that the warm-up
   *     left behind among them
   */
  private LoadReport report(Traffic traffic, Visible visible, long waiting) {
    double measuredSeconds = plan.measured().toNanos() / 1e9;
    double runs = (double) tally.acknowledgedItems / plan.door().itemsPerRun();
    return new LoadReport(
        plan,
        tally.acknowledgedItems / measuredSeconds,
        runs / measuredSeconds,
        Math.max(0, waiting - Math.max(0, visible.missingRuns)) / (visible.tookNanos / 1e9),
        LoadReport.Latency.of(tally.ackMicros),
        LoadReport.Latency.of(tally.visibleMicros),
        tally.refusedItems,
        tally.failedRequests,
        traffic.unsentRuns(),
        visible.missingRuns,
        tally.lostSamples,
        tally.limitedReads,
        cpu.shareOfMachine());
  }

  /**
   * The end of the waiting.
   *
   * @param tookNanos since measuring began
   * @param missingRuns acknowledged but not to be read; negative when more can be read than was
   *     sent
   */
  private record Visible(long tookNanos, long missingRuns) {}
}
