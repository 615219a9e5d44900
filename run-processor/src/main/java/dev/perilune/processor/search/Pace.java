package dev.perilune.processor.search;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * When a thread that can wait may work: for half of the time, so that catching up leaves room for
 * what is to be quick, and for a twentieth as long as what goes first is behind. The rest that is
 * due is judged anew each time, so it ends early when that has caught up.
 */
final class Pace {
  private static final int REST = 1;
  private static final int REST_BEHIND = 19;

  private final BooleanSupplier isBehind;
  private final LongSupplier nanos;
  private long begunNanos;
  private long endedNanos;
  private long tookNanos;

  /** {@code nanos} is a clock for differences. */
  Pace(BooleanSupplier isBehind, LongSupplier nanos) {
    this.isBehind = isBehind;
    this.nanos = nanos;
  }

  boolean isDue() {
    return remaining().isZero();
  }

  /** How long to rest from now on. */
  Duration remaining() {
    long rest = tookNanos * (isBehind.getAsBoolean() ? REST_BEHIND : REST);
    return Duration.ofNanos(Math.max(0, rest - (nanos.getAsLong() - endedNanos)));
  }

  void begin() {
    begunNanos = nanos.getAsLong();
  }

  void end() {
    endedNanos = nanos.getAsLong();
    tookNanos = endedNanos - begunNanos;
  }
}
