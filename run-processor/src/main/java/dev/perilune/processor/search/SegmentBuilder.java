package dev.perilune.processor.search;

import dev.perilune.model.search.RunList;
import dev.perilune.model.search.SearchWords;
import dev.perilune.model.search.WordPage;
import dev.perilune.processor.store.SearchQueueSql.Texts;
import dev.perilune.processor.store.SegmentSql.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A segment in the making: every word of some runs, and in which of them it is. */
final class SegmentBuilder {
  private final List<Place> runs = new ArrayList<>();
  private final Map<String, RunList> words = new HashMap<>();

  /** Gives the run the next number and takes its words. */
  void add(Texts run) {
    int number = runs.size();
    runs.add(new Place(run.run().id(), run.run().start()));
    for (String text : run.texts()) {
      SearchWords.forEach(
          text, word -> words.computeIfAbsent(word, key -> new RunList()).add(number));
    }
  }

  List<Place> runs() {
    return runs;
  }

  List<WordPage> pages() {
    WordPage.Writer writer = new WordPage.Writer();
    Map<String, RunList> ordered = new TreeMap<>(WordPage.ORDER);
    ordered.putAll(words);
    ordered.forEach(writer::add);
    return writer.pages();
  }
}
