package dev.perilune.processor.consume;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that another thread brings about. */
public final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration STEP = Duration.ofMillis(10);

  private Eventually() {}

  public static void holds(String promise, Callable<Boolean> condition) throws Exception {
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new AssertionError("Not within " + LIMIT + ": " + promise);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
