package dev.perilune.query.analytics.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The buckets of a window. A bucket is what shares one label on the wall clock: where clocks go
 * back, a label's second round belongs to the same bucket; what clocks skip is no bucket.
 *
 * @param window the window up to the end of its last bucket
 * @param labels local times at which the buckets begin, ascending
 * @param edges instants at which the label changes, ascending; the first is where the window begins
 * @param ordinals for each edge, the position in {@code labels} of the bucket that begins there
 */
public record Buckets(
    Window window, List<LocalDateTime> labels, List<Instant> edges, List<Integer> ordinals) {

  /** More buckets than this are refused: three years of hours, eighty of days. */
  public static final int MOST = 30_000;

  public Buckets {
    labels = List.copyOf(labels);
    edges = List.copyOf(edges);
    ordinals = List.copyOf(ordinals);
  }

  /**
   * Every bucket from that of the window's first instant to that of its end, which is cut at {@code
   * now}; none if the window is empty.
   *
   * @throws TooMany if there are more than {@link #MOST}
   */
  public static Buckets of(Window window, ZoneId zone, Granularity granularity, Instant now) {
    Instant last = now.isBefore(window.to()) ? now : window.to();
    List<Instant> edges = new ArrayList<>();
    List<LocalDateTime> labels = new ArrayList<>();
    Instant at = window.from();
    while (true) {
      LocalDateTime label = granularity.floor(LocalDateTime.ofInstant(at, zone));
      if (labels.isEmpty() || !labels.get(labels.size() - 1).equals(label)) {
        if (at.isAfter(last)) {
          return of(window.before(at), labels, edges);
        }
        edges.add(at);
        labels.add(label);
        if (edges.size() > MOST) {
          throw new TooMany();
        }
      }
      at = nextChange(zone, at, granularity.next(label));
    }
  }

  /** The time from that edge to the next one. */
  Window stretch(int edge) {
    boolean last = edge + 1 == edges.size();
    return new Window(edges.get(edge), last ? window.to() : edges.get(edge + 1));
  }

  /** Whether the window has no bucket at all. */
  public boolean isEmpty() {
    return labels.isEmpty();
  }

  /** When the label may change next: with the clock, or because somebody puts the clock. */
  private static Instant nextChange(ZoneId zone, Instant at, LocalDateTime nextLabel) {
    Instant byClock = nextLabel.toInstant(zone.getRules().getOffset(at));
    ZoneOffsetTransition transition = zone.getRules().nextTransition(at);
    return transition != null && transition.getInstant().isBefore(byClock)
        ? transition.getInstant()
        : byClock;
  }

  private static Buckets of(Window window, List<LocalDateTime> perEdge, List<Instant> edges) {
    // a clock put back over the start of a bucket shows an earlier label once more
    List<LocalDateTime> labels = List.copyOf(new TreeSet<>(perEdge));
    List<Integer> ordinals =
        perEdge.stream().map(label -> java.util.Collections.binarySearch(labels, label)).toList();
    return new Buckets(window, labels, edges, ordinals);
  }

  /** The label as the wire shows it: the local time as if it were UTC. */
  public Instant wireDate(int ordinal) {
    return labels.get(ordinal).toInstant(ZoneOffset.UTC);
  }

  /** The window has more buckets than an answer may hold. */
  public static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMany() {
      super("More than " + MOST + " buckets", null, false, false);
    }
  }
}
