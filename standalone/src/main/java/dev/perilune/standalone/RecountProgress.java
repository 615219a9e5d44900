package dev.perilune.standalone;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.Recount;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Prints how a recount goes: each project, a line a second, what is off, and its end. */
final class RecountProgress implements Recount.Listener {
  private static final long LINE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MOST_SHOWN = 20;

  private final PrintStream out;
  private final LongSupplier nanoClock;
  private final long begunNanos;
  private long lineNanos;
  private long days;
  private long off;
  private int shown;

  RecountProgress(PrintStream out, LongSupplier nanoClock) {
    this.out = out;
    this.nanoClock = nanoClock;
    this.begunNanos = nanoClock.getAsLong();
    this.lineNanos = begunNanos;
  }

  @Override
  public void project(ProjectId project) {
    out.println("Project " + project);
  }

  @Override
  public void day(Instant day, long offOfDay) {
    days++;
    off += offOfDay;
    if (nanoClock.getAsLong() - lineNanos >= LINE_NANOS) {
      lineNanos = nanoClock.getAsLong();
      out.printf(
          Locale.ROOT,
          "  up to %s: %,d days, %,d figures off%n",
          day.atOffset(ZoneOffset.UTC).toLocalDate(),
          days,
          off);
    }
  }

  @Override
  public void users(long offUsers) {
    off += offUsers;
  }

  @Override
  public void difference(String place, String difference) {
    if (shown++ < MOST_SHOWN) {
      out.printf("  off: %s, by %s%n", place, difference);
    }
  }

  /** Whether any figure was not what its runs count for. */
  boolean isOff() {
    return off > 0;
  }

  /** Prints the last line. */
  void end(boolean verified) {
    double seconds = (nanoClock.getAsLong() - begunNanos) / 1e9;
    if (off == 0) {
      out.printf(Locale.ROOT, "%,d days, no difference, %.1f s%n", days, seconds);
    } else if (verified) {
      out.printf(
          Locale.ROOT,
          "%,d days, at least %,d figures off, %.1f s. Mend them with recount.%n",
          days,
          off,
          seconds);
    } else {
      out.printf(Locale.ROOT, "%,d days, %,d figures mended, %.1f s%n", days, off, seconds);
    }
  }
}
