package dev.perilune.processor.search;

import dev.perilune.model.search.SearchWords;
import dev.perilune.model.search.WordPage;
import dev.perilune.processor.store.SearchQueueSql.Texts;
import dev.perilune.processor.store.SegmentSql.Place;
import java.util.ArrayList;
import java.util.List;

/** A segment in the making: every word of some runs, and in which of them it is. */
final class SegmentBuilder {
  /** Words of all runs together: some 100 MB in memory, or thirty thousand runs of 1.5 KB. */
  private static final int MOST_WORDS = 8 << 20;

  private final Folding folding;
  private List<Place> runs = new ArrayList<>();
  private WordTable words = new WordTable();

  SegmentBuilder(Folding folding) {
    this.folding = folding;
  }

  /** Gives the run the next number and takes its words. */
  void add(Texts run) {
    int number = runs.size();
    runs.add(new Place(run.run().id(), run.run().start()));
    for (String text : run.texts()) {
      int length = folding.fold(text);
      SearchWords.forEach(
          folding.buffer(), length, (folded, from, to) -> words.add(folded, from, to, number));
    }
  }

  /** Whether it is large enough, however few runs it has. */
  boolean isFull() {
    return words.size() >= MOST_WORDS;
  }

  /** Begins the next segment. */
  void clear() {
    runs = new ArrayList<>();
    words = new WordTable();
  }

  List<Place> runs() {
    return runs;
  }

  List<WordPage> pages() {
    WordPage.Writer writer = new WordPage.Writer();
    words.forEach(WordPage.ORDER, writer::add);
    return writer.pages();
  }
}
