package dev.perilune.standalone.load;

import dev.perilune.standalone.load.Instance.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Reads one run every now and then back until it is finished, and notes how long that took since
 * its request was due.
 *
 * <p>Looks again after an eighth of the time that a run has been waited for, 10 ms at least, so
 * that what is slow is not made slower by looking; a latency is at most that much too long.
 *
 * <p>Lives on the event loop of {@link Traffic}.
 */
final class Sampler {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int MOST_AT_ONCE = 50;
  private static final long SHORTEST_PAUSE_MILLIS = 10;
  private static final int PAUSE_SHARE = 8;
  private static final long PAUSE_WHEN_LIMITED_MILLIS = 500;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Vertx vertx;
  private final Instance instance;
  private final Tally tally;
  private final Promise<Void> done = Promise.promise();
  private long nextAt;
  private int waiting;
  private boolean finishing;
  private boolean givenUp;

  Sampler(Vertx vertx, Instance instance, Tally tally) {
    this.vertx = vertx;
    this.instance = instance;
    this.tally = tally;
  }

  /** Takes the last run of a request as the next sample, if one is due. */
  void offer(RunBatch batch, Answer answer, long dueNanos) {
    long now = System.nanoTime();
    if (!answer.isOk() || now < nextAt) {
      return;
    }
    nextAt = now + INTERVAL_NANOS;
    if (waiting == MOST_AT_ONCE) {
      tally.lostSamples++;
      return;
    }
    waiting++;
    look(batch.lastRun(), dueNanos);
  }

  /** Completes when every sample was read. */
  Future<Void> finish() {
    finishing = true;
    completeWhenIdle();
    return done.future();
  }

  /** Waits for none of the samples any longer. */
  void giveUp() {
    givenUp = true;
    tally.lostSamples += waiting;
    done.tryComplete();
  }

  private void look(UUID run, long dueNanos) {
    if (givenUp) {
      return;
    }
    instance
        .get("/v1/runs/" + run)
        .onSuccess(
            answer -> {
              long age = System.nanoTime() - dueNanos;
              if (answer.status() == TOO_MANY_REQUESTS) {
                tally.limitedReads++;
                again(run, dueNanos, PAUSE_WHEN_LIMITED_MILLIS);
              } else if (isFinished(answer)) {
                read(age);
              } else {
                again(run, dueNanos, TimeUnit.NANOSECONDS.toMillis(age / PAUSE_SHARE));
              }
            })
        .onFailure(cause -> again(run, dueNanos, PAUSE_WHEN_LIMITED_MILLIS));
  }

  private void again(UUID run, long dueNanos, long pauseMillis) {
    vertx.setTimer(Math.max(SHORTEST_PAUSE_MILLIS, pauseMillis), pause -> look(run, dueNanos));
  }

  private void read(long age) {
    if (!givenUp) {
      tally.seen(age);
      waiting--;
      completeWhenIdle();
    }
  }

  private void completeWhenIdle() {
    if (finishing && waiting == 0) {
      done.tryComplete();
    }
  }

  private static boolean isFinished(Answer answer) {
    return answer.isOk() && answer.body().toString().contains("\"status\":\"success\"");
  }
}
