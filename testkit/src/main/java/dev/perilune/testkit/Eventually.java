package dev.perilune.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that will be so, by looking again and again. */
public final class Eventually {
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  /** Generous, since it only matters when something is wrong. */
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

  private Eventually() {}

  /**
   * Returns once {@code condition} is true.
   *
   * @throws AssertionError when it has not become true within a minute
   */
  public static void holds(String what, Callable<Boolean> condition) throws Exception {
    get(what, DEFAULT_LIMIT, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }

  /**
   * Returns the first value that {@code look} finds.
   *
   * @param what names it in the failure, such as "run visible"
   * @throws AssertionError when it has not been found within the limit
   */
  public static <T> T get(String what, Duration limit, Callable<Optional<T>> look)
      throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> found = look.call();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
