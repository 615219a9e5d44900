package dev.perilune.standalone;

import dev.perilune.processor.EventReplay;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Prints how a replay goes: at once, then every second, and at its end. */
final class ReplayProgress implements EventReplay.Listener {
  private static final long LINE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long STALL_NANOS = Duration.ofSeconds(15).toNanos();

  private final PrintStream out;
  private final LongSupplier nanoClock;
  private final String stallAdvice;
  private long total;
  private long begunNanos;
  private long lineNanos;
  private long last;
  private long movedNanos;

  /**
   * @param stallAdvice what to look at when nothing moves for a while
   */
  ReplayProgress(PrintStream out, LongSupplier nanoClock, String stallAdvice) {
    this.out = out;
    this.nanoClock = nanoClock;
    this.stallAdvice = stallAdvice;
  }

  @Override
  public void begun(long events, int letters) {
    total = events;
    begunNanos = nanoClock.getAsLong();
    lineNanos = begunNanos;
    movedNanos = begunNanos;
    out.printf(
        Locale.ROOT,
        "%,d events are read again, %,d dead letters are tried again%n",
        events,
        letters);
  }

  @Override
  public void done(long events) {
    long now = nanoClock.getAsLong();
    if (events > last) {
      last = events;
      movedNanos = now;
    }
    if (events >= total) {
      out.printf(Locale.ROOT, "Done in %.1f s%n", (now - begunNanos) / 1e9);
    } else if (now - lineNanos >= LINE_NANOS) {
      lineNanos = now;
      line(events, (now - begunNanos) / 1e9);
      if (now - movedNanos >= STALL_NANOS) {
        movedNanos = now;
        out.println("  Nothing has moved for 15 s. " + stallAdvice);
      }
    }
  }

  private void line(long events, double seconds) {
    double rate = events / seconds;
    String left =
        rate < 1 ? "" : String.format(Locale.ROOT, ", %.0f s left", (total - events) / rate);
    out.printf(Locale.ROOT, "  %,d of %,d, %,.0f/s%s%n", events, total, rate, left);
  }
}
