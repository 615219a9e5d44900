package dev.perilune.processor.consume;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next try: 0.1 s, then about twice as long each time, up to 5 s. */
final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5_000;
  private static final int MAX_DOUBLINGS = 6;

  /** Transactions that met: the other one is through by the next try, so waiting only costs. */
  private static final int TRIES_AT_ONCE = 3;

  private int collisions;
  private int failures;

  /** After a collision: no wait the first three times. */
  Duration afterCollision() {
    collisions++;
    return collisions <= TRIES_AT_ONCE ? Duration.ZERO : afterFailure();
  }

  /** Half to all of the current step, by chance, so that processors do not come back together. */
  Duration afterFailure() {
    long step = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, MAX_DOUBLINGS));
    failures++;
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(step / 2, step + 1));
  }

  void reset() {
    collisions = 0;
    failures = 0;
  }
}
