package dev.perilune.runtime.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets through so many requests at once, and so many a second after that. Keeps one number: when
 * the bucket will be full again. Safe for use by several event loops.
 */
final class TokenBucket {

  private final AtomicLong fullAtNanos;

  TokenBucket(long nowNanos) {
    this.fullAtNanos = new AtomicLong(nowNanos);
  }

  /**
   * What taking a token came to.
   *
   * @param waitNanos until a token is there; 0 when one was taken
   * @param remaining tokens left
   * @param fullInNanos until the bucket is full again
   */
  record Taken(long waitNanos, int remaining, long fullInNanos) {}

  /** Takes a token if there is one. */
  Taken take(long nowNanos, long nanosPerToken, int size) {
    while (true) {
      long before = fullAtNanos.get();
      long missing = Math.max(0, before - nowNanos);
      long after = missing + nanosPerToken;
      long room = size * nanosPerToken;
      if (after > room) {
        return new Taken(after - room, 0, missing);
      }
      if (fullAtNanos.compareAndSet(before, nowNanos + after)) {
        return new Taken(0, (int) ((room - after) / nanosPerToken), after);
      }
    }
  }
}
