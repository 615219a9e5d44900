package dev.perilune.query.analytics.time;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A window told as UTC days and what these count too little or too much. Where the window cuts a
 * day, the shorter part of it is corrected.
 *
 * @param days whole UTC days; empty if {@code from} is not before {@code to}
 * @param corrections disjoint stretches of time, two at most
 */
public record NearDays(Window days, List<Correction> corrections) {

  public NearDays {
    corrections = List.copyOf(corrections);
  }

  /** Whether what lies in a stretch has to be added (1) or taken away (-1). */
  public record Correction(int sign, Window stretch) {}

  /**
   * The days for a window.
   *
   * @param now after it hardly anything has to be corrected
   */
  public static NearDays of(Window window, Instant now) {
    Instant firstDay = window.from().truncatedTo(ChronoUnit.DAYS);
    Instant lastDay = window.to().truncatedTo(ChronoUnit.DAYS);
    if (!firstDay.isBefore(lastDay)) {
      return new NearDays(new Window(firstDay, firstDay), some(new Correction(1, window)));
    }
    Instant second = firstDay.plus(1, ChronoUnit.DAYS);
    Instant dayAfter = lastDay.plus(1, ChronoUnit.DAYS);
    Window before = new Window(firstDay, window.from());
    Window after = new Window(window.to(), dayAfter);
    Window head = new Window(window.from(), second);
    Window tail = new Window(lastDay, window.to());
    boolean withFirst = past(before, now).compareTo(past(head, now)) <= 0;
    boolean withLast = past(after, now).compareTo(past(tail, now)) < 0;
    return new NearDays(
        new Window(withFirst ? firstDay : second, withLast ? dayAfter : lastDay),
        some(
            withFirst ? new Correction(-1, before) : new Correction(1, head),
            withLast ? new Correction(-1, after) : new Correction(1, tail)));
  }

  private static Duration past(Window stretch, Instant now) {
    Instant end = now.isBefore(stretch.to()) ? now : stretch.to();
    Duration length = Duration.between(stretch.from(), end);
    return length.isNegative() ? Duration.ZERO : length;
  }

  private static List<Correction> some(Correction... corrections) {
    List<Correction> some = new ArrayList<>();
    for (Correction each : corrections) {
      if (each.stretch().from().isBefore(each.stretch().to())) {
        some.add(each);
      }
    }
    return some;
  }
}
