package dev.perilune.standalone.load;

import dev.perilune.standalone.load.Instance.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows one request every now and then until it is visible, and notes how long that took since it
 * was due. It asks the request's receipt, which answers when the time has come; where the instance
 * has no receipts, it reads the request's last run until that is finished.
 *
 * <p>A run is looked for again after an eighth of the time that it has been waited for, 10 ms at
 * least, so that what is slow is not made slower by looking; its latency is at most that much too
 * long.
 *
 * <p>Lives on the event loop of {@link Traffic}.
 */
final class Sampler {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int MOST_AT_ONCE = 50;
  private static final long SHORTEST_PAUSE_MILLIS = 10;
  private static final int PAUSE_SHARE = 8;
  private static final long PAUSE_WHEN_LIMITED_MILLIS = 500;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  static final String VISIBLE = "\"visible\":true";
  private static final String FINISHED = "\"status\":\"success\"";
  private static final String RECEIPT = "\"receipt\":\"";

  private final Vertx vertx;
  private final Instance instance;
  private final Tally tally;
  private final Promise<Void> done = Promise.promise();
  private long nextAt = System.nanoTime();
  private int waiting;
  private boolean finishing;
  private boolean givenUp;
  private boolean hasReceipts = true;

  Sampler(Vertx vertx, Instance instance, Tally tally) {
    this.vertx = vertx;
    this.instance = instance;
    this.tally = tally;
  }

  /** Takes a request that was answered as the next sample, if one is due. */
  void offer(RunBatch batch, Answer answer, long dueNanos) {
    long now = System.nanoTime();
    if (now - nextAt < 0) {
      return;
    }
    nextAt = now + INTERVAL_NANOS;
    if (waiting == MOST_AT_ONCE) {
      tally.lostSamples++;
      return;
    }
    waiting++;
    look(new Sample(batch.lastRun(), receipt(answer), dueNanos));
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

  private record Sample(UUID run, @Nullable String receipt, long dueNanos) {}

  private void look(Sample sample) {
    if (givenUp) {
      return;
    }
    String receipt = hasReceipts ? sample.receipt : null;
    instance
        .get(receipt != null ? Instance.receiptPath(receipt) : "/v1/runs/" + sample.run)
        .onSuccess(answer -> judge(sample, answer, receipt != null))
        .onFailure(cause -> again(sample, PAUSE_WHEN_LIMITED_MILLIS));
  }

  private void judge(Sample sample, Answer answer, boolean isReceipt) {
    long age = System.nanoTime() - sample.dueNanos;
    if (answer.isOk() && answer.body().toString().contains(isReceipt ? VISIBLE : FINISHED)) {
      seen(age);
    } else if (isReceipt && answer.status() == NOT_FOUND) {
      hasReceipts = false;
      look(sample);
    } else if (answer.status() == TOO_MANY_REQUESTS) {
      tally.limitedReads++;
      again(sample, PAUSE_WHEN_LIMITED_MILLIS);
    } else {
      again(sample, TimeUnit.NANOSECONDS.toMillis(age / PAUSE_SHARE));
    }
  }

  private void again(Sample sample, long pauseMillis) {
    vertx.setTimer(Math.max(SHORTEST_PAUSE_MILLIS, pauseMillis), pause -> look(sample));
  }

  private void seen(long age) {
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

  /** The receipt of an answer; null where there is none. A long one is in the body alone. */
  static @Nullable String receipt(Answer ingested) {
    if (ingested.receipt() != null) {
      return ingested.receipt();
    }
    String body = ingested.body().toString();
    int at = body.lastIndexOf(RECEIPT);
    return at < 0
        ? null
        : body.substring(at + RECEIPT.length(), body.indexOf('"', at + RECEIPT.length()));
  }
}
