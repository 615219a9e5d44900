package dev.perilune.query.analytics.time;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A window cut into what figures are kept for, and what has to be read run by run. Each part lies
 * in one bucket as a whole, or its days or hours do.
 *
 * @param days stretches of whole UTC days
 * @param hours stretches of whole UTC hours that are no whole day
 * @param rest what the window or its buckets cut off from hours
 */
public record Grains(List<Window> days, List<Window> hours, List<Window> rest) {

  public Grains {
    days = joined(days);
    hours = joined(hours);
    rest = joined(rest);
  }

  /** The parts of a window that has no buckets. */
  public static Grains of(Window window) {
    return of(List.of(window));
  }

  /** The parts of the buckets' window. */
  public static Grains of(Buckets buckets) {
    return of(IntStream.range(0, buckets.edges().size()).mapToObj(buckets::stretch).toList());
  }

  private static Grains of(List<Window> stretches) {
    List<Window> days = new ArrayList<>();
    List<Window> hours = new ArrayList<>();
    List<Window> rest = new ArrayList<>();
    for (Window stretch : stretches) {
      Window wholeHours = inner(stretch, ChronoUnit.HOURS);
      around(stretch, wholeHours, rest);
      Window wholeDays = inner(wholeHours, ChronoUnit.DAYS);
      around(wholeHours, wholeDays, hours);
      days.add(wholeDays);
    }
    return new Grains(days, hours, rest);
  }

  /** Days and hours, for what is kept by hour only. */
  public List<Window> wholeHours() {
    return joined(
        Stream.concat(days.stream(), hours.stream())
            .sorted(Comparator.comparing(Window::from))
            .toList());
  }

  /** The whole units of a window; where there is none, an empty window at its start. */
  private static Window inner(Window window, ChronoUnit unit) {
    Instant floor = window.from().truncatedTo(unit);
    Instant from = floor.equals(window.from()) ? floor : floor.plus(1, unit);
    Instant to = window.to().truncatedTo(unit);
    return from.isBefore(to) ? new Window(from, to) : new Window(window.from(), window.from());
  }

  private static void around(Window outer, Window inner, List<Window> parts) {
    parts.add(new Window(outer.from(), inner.from()));
    parts.add(new Window(inner.to(), outer.to()));
  }

  /** Without the empty ones, and with those that touch made one. */
  private static List<Window> joined(List<Window> parts) {
    List<Window> joined = new ArrayList<>();
    for (Window part : parts) {
      int last = joined.size() - 1;
      if (!part.from().isBefore(part.to())) {
        continue;
      }
      if (last >= 0 && joined.get(last).to().equals(part.from())) {
        joined.set(last, new Window(joined.get(last).from(), part.to()));
      } else {
        joined.add(part);
      }
    }
    return List.copyOf(joined);
  }
}
