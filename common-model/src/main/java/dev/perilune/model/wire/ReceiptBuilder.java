package dev.perilune.model.wire;

import dev.perilune.model.wire.Receipt.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects where the events of one request went; for one thread at a time.
 *
 * <p>Events that other requests put between ours end a span. Beyond eight spans a partition the
 * gaps are closed, so that a receipt stays small: it then also covers the events between.
 */
public final class ReceiptBuilder {
  private static final int MOST_SPANS = 8;

  private final SortedMap<Integer, List<Span>> spans = new TreeMap<>();
  private int events;

  /** One more event; offsets of a partition are best given in ascending order. */
  public void add(int partition, long offset) {
    events++;
    List<Span> known = spans.computeIfAbsent(partition, first -> new ArrayList<>(1));
    if (known.isEmpty()) {
      known.add(new Span(offset, offset));
      return;
    }
    Span last = known.get(known.size() - 1);
    if (offset < last.first()) {
      // out of order, which an idempotent producer does not do: one span that holds everything
      long first = Math.min(offset, known.get(0).first());
      known.clear();
      known.add(new Span(first, last.last()));
    } else if (offset <= last.last() + 1 || known.size() == MOST_SPANS) {
      known.set(known.size() - 1, new Span(last.first(), Math.max(offset, last.last())));
    } else {
      known.add(new Span(offset, offset));
    }
  }

  /** What was collected; null when nothing was. */
  public @Nullable Receipt build() {
    return events == 0 ? null : new Receipt(events, spans);
  }
}
