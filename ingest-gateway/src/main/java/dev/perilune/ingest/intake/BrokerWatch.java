package dev.perilune.ingest.intake;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Notices that the broker has gone quiet, long before the producer does: the producer keeps trying
 * for many seconds, a client wants to know within one.
 *
 * <p>The broker counts as away when something was sent and nothing at all was acknowledged for a
 * while, or when the producer has lost every broker. From then on one request at a time is let
 * through as a probe; the first acknowledgement ends it. Records over a megabyte earn extra
 * patience, since one of them can take that long.
 *
 * <p>Safe for use by several threads; {@link #tick()} by one.
 */
final class BrokerWatch {

  /** How often {@link #tick()} is to be called. */
  static final Duration TICK = Duration.ofMillis(100);

  private static final long PROBE_NANOS = Duration.ofMillis(300).toNanos();

  /** A tick this late means that this process stood still, not that the broker did. */
  private static final long STALL_NANOS = Duration.ofMillis(300).toNanos();

  private static final int LARGE_BYTES = 1 << 20;

  /** A millisecond for 16 KiB of a large record. */
  private static final long PATIENCE_NANOS_A_BYTE = 61;

  private final long silenceNanos;
  private final LongSupplier nanoClock;

  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong lastProbe;
  private volatile long lastProgress;
  private volatile long patientUntil;
  private volatile boolean away;
  private long lastTick;

  BrokerWatch(Duration silence, LongSupplier nanoClock) {
    this.silenceNanos = silence.toNanos();
    this.nanoClock = nanoClock;
    long now = nanoClock.getAsLong();
    this.lastProbe = new AtomicLong(now - PROBE_NANOS);
    this.lastProgress = now;
    this.patientUntil = now;
    this.lastTick = now;
  }

  boolean isAway() {
    return away;
  }

  /** How long a request may wait for a broker that is away. */
  long silenceNanos() {
    return silenceNanos;
  }

  /**
   * Whether a request may be sent: always while the broker answers, else as a probe now and then.
   */
  boolean admits() {
    if (!away) {
      return true;
    }
    long now = nanoClock.getAsLong();
    long last = lastProbe.get();
    return now - last >= PROBE_NANOS && lastProbe.compareAndSet(last, now);
  }

  /** Notes that a record is on its way. */
  void sent(int bytes) {
    if (unanswered.getAndIncrement() == 0) {
      lastProgress = nanoClock.getAsLong();
    }
    if (bytes > LARGE_BYTES) {
      patientUntil = nanoClock.getAsLong() + silenceNanos + bytes * PATIENCE_NANOS_A_BYTE;
    }
  }

  /** Notes an acknowledgement, which proves that the broker is there. */
  void acknowledged() {
    unanswered.decrementAndGet();
    lastProgress = nanoClock.getAsLong();
    away = false;
  }

  /** Notes that a record was given up, which proves nothing. */
  void givenUp() {
    unanswered.decrementAndGet();
  }

  /** Notes that the producer cannot even say which brokers there are. */
  void lost() {
    unanswered.decrementAndGet();
    away = true;
  }

  /** Whether a broker that is away may be believed when it answers other questions. */
  boolean owesNothing() {
    return unanswered.get() == 0;
  }

  /** Notes that the broker answers again, before anything could prove it. */
  void found() {
    lastProgress = nanoClock.getAsLong();
    away = false;
  }

  /** Looks at the clock; returns whether the broker counts as away now. */
  boolean tick() {
    long now = nanoClock.getAsLong();
    boolean stalled = now - lastTick > STALL_NANOS;
    lastTick = now;
    if (stalled) {
      lastProgress = now;
    } else if (unanswered.get() > 0
        && now - lastProgress > silenceNanos
        && now - patientUntil > 0) {
      away = true;
    }
    return away;
  }
}
