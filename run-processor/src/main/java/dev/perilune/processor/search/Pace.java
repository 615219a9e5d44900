package dev.perilune.processor.search;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * When a thread that can wait may work. As long as what goes first is behind, work is followed by
 * {@value #REST} times as long a rest: a twentieth of the time goes to it, so it gets on all the
 * same. As soon as that has caught up, the rest is over.
 */
final class Pace {
  private static final int REST = 19;

  private final BooleanSupplier isBehind;
  private final LongSupplier nanos;
  private long begunNanos;
  private long restedNanos;

  /** {@code nanos} is a clock for differences. */
  Pace(BooleanSupplier isBehind, LongSupplier nanos) {
    this.isBehind = isBehind;
    this.nanos = nanos;
    this.restedNanos = nanos.getAsLong();
  }

  boolean isDue() {
    return nanos.getAsLong() - restedNanos >= 0 || !isBehind.getAsBoolean();
  }

  void begin() {
    begunNanos = nanos.getAsLong();
  }

  void end() {
    long now = nanos.getAsLong();
    restedNanos = now + REST * (now - begunNanos);
  }
}
