package dev.perilune.processor.consume;

import java.time.Duration;

/** Says once per interval that something is due; the first time at once. */
final class Every {
  private final long intervalNanos;
  private long lastNanos;

  Every(Duration interval) {
    this.intervalNanos = interval.toNanos();
    this.lastNanos = System.nanoTime() - intervalNanos;
  }

  /** True if the interval has passed since it was true last. */
  boolean now() {
    long nowNanos = System.nanoTime();
    if (nowNanos - lastNanos < intervalNanos) {
      return false;
    }
    lastNanos = nowNanos;
    return true;
  }

  /** Makes the next question true. */
  void soon() {
    lastNanos = System.nanoTime() - intervalNanos;
  }
}
