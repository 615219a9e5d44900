package dev.perilune.processor.search;

import dev.perilune.model.ProjectId;
import dev.perilune.model.search.RunList;
import dev.perilune.model.search.WordPage;
import dev.perilune.processor.store.SegmentSql;
import dev.perilune.processor.store.SegmentSql.Place;
import dev.perilune.processor.store.Tx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes one segment of several, without some of their runs. Their words come in the same order, so
 * all are walked side by side and only a few pages of each are in memory.
 */
final class SegmentMerge {
  private final Tx tx;
  private final ProjectId project;
  private final Set<UUID> forgotten;
  private final List<Place> runs = new ArrayList<>();

  SegmentMerge(Tx tx, ProjectId project, Set<UUID> forgotten) {
    this.tx = tx;
    this.project = project;
    this.forgotten = forgotten;
  }

  /** Replaces the segments, which are given in the order of their age. */
  void replace(List<Long> segments) {
    PriorityQueue<Source> sources =
        new PriorityQueue<>(
            Comparator.comparing((Source source) -> source.entry().word(), WordPage.ORDER)
                .thenComparing(source -> source.segment));
    for (long segment : segments) {
      Source source = new Source(segment, numbers(segment));
      if (source.advance()) {
        sources.add(source);
      }
    }
    List<WordPage> pages = merged(sources);
    SegmentSql.delete(tx, project, segments);
    if (!runs.isEmpty()) {
      SegmentSql.add(tx, project, runs, pages);
    }
  }

  private List<WordPage> merged(PriorityQueue<Source> sources) {
    WordPage.Writer writer = new WordPage.Writer();
    while (!sources.isEmpty()) {
      String word = sources.element().entry().word();
      RunList in = new RunList();
      while (!sources.isEmpty() && sources.element().entry().word().equals(word)) {
        Source source = sources.remove();
        source.addTo(in);
        if (source.advance()) {
          sources.add(source);
        }
      }
      if (in.size() > 0) {
        writer.add(word, in);
      }
    }
    return writer.pages();
  }

  /** The new number of each run of a segment, -1 for those that are left out. */
  private int[] numbers(long segment) {
    List<Place> old = SegmentSql.runs(tx, project, segment);
    int[] numbers = new int[old.size()];
    for (int i = 0; i < numbers.length; i++) {
      boolean stays = !forgotten.contains(old.get(i).id());
      numbers[i] = stays ? runs.size() : -1;
      if (stays) {
        runs.add(old.get(i));
      }
    }
    return numbers;
  }

  private record Entry(String word, RunList runs) {}

  /** One of the segments, at one of its words. */
  private final class Source {
    private final long segment;
    private final int[] numbers;
    private final Deque<WordPage> pages = new ArrayDeque<>();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private int nextPage;
    private @Nullable Entry current;

    Source(long segment, int[] numbers) {
      this.segment = segment;
      this.numbers = numbers;
    }

    /** Goes to the next word; false if there is none. */
    boolean advance() {
      if (entries.isEmpty()) {
        readPage();
      }
      current = entries.poll();
      return current != null;
    }

    Entry entry() {
      if (current == null) {
        throw new IllegalStateException("At no word");
      }
      return current;
    }

    void addTo(RunList in) {
      RunList old = entry().runs();
      for (int i = 0; i < old.size(); i++) {
        int number = numbers[old.get(i)];
        if (number >= 0) {
          in.add(number);
        }
      }
    }

    private void readPage() {
      if (pages.isEmpty()) {
        pages.addAll(SegmentSql.pages(tx, project, segment, nextPage));
        nextPage += pages.size();
        // what the directory says is true of the old pages alone, and it comes last
        pages.removeIf(WordPage::isDirectory);
      }
      WordPage page = pages.poll();
      if (page != null) {
        page.forEach((word, in) -> entries.add(new Entry(word, in)));
      }
    }
  }
}
