package dev.perilune.benchmarks.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waits on a condition of another process. */
final class Wait {
  private static final long PAUSE_MILLIS = 50;

  private Wait() {}

  /** Looks for something that may not be there yet. */
  interface Look<T> {
    Optional<T> now() throws IOException, InterruptedException;
  }

  /**
   * Looks until something is there.
   *
   * @throws IllegalStateException naming what was waited for, after {@code limit}
   */
  static <T> T until(String what, Duration limit, Look<T> look)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Optional<T> found = look.now();
    while (found.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Not within " + limit + ": " + what);
      }
      Thread.sleep(PAUSE_MILLIS);
      found = look.now();
    }
    return found.get();
  }
}
