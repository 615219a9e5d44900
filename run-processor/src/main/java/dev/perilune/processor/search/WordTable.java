package dev.perilune.processor.search;

import dev.perilune.model.search.RunList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The words of a segment in the making. A text has some 250, nearly all of them seen before, so a
 * known one is found without making a string: what that took in a map of strings was half of all
 * that indexing costs.
 */
final class WordTable {

  private char[] letters = new char[1 << 16];
  private int[] starts = new int[1 << 12];
  private int words;

  // by word: the run that had it last, and how many have it
  private int[] last = new int[1 << 12];
  private int[] counts = new int[1 << 12];

  // words as they came and, by run, where its words end; a list for each word would be a jump in
  // memory for each of them
  private int[] takenWords = new int[1 << 16];
  private int taken;
  private int[] ends = new int[1 << 10];
  private int runs;

  // each the hash of a word above its number plus one; zero is free
  private long[] slots = new long[1 << 13];

  /** Notes that a run has a word; runs come in the order of their numbers. */
  void add(char[] text, int from, int to, int run) {
    int hash = hash(text, from, to);
    int slot = hash & slots.length - 1;
    while (slots[slot] != 0) {
      int word = (int) slots[slot] - 1;
      if ((int) (slots[slot] >>> 32) == hash && isAt(word, text, from, to)) {
        take(word, run);
        return;
      }
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = (long) hash << 32 | words + 1;
    append(text, from, to);
    take(words++, run);
    if (2 * words > slots.length) {
      grow();
    }
  }

  /** How many words all runs together have. */
  int size() {
    return taken;
  }

  /** Tells all words in the given order, each with its runs. */
  void forEach(Comparator<String> order, BiConsumer<String, RunList> entry) {
    int[] firsts = new int[words + 1];
    for (int word = 0; word < words; word++) {
      firsts[word + 1] = firsts[word] + counts[word];
    }
    int[] runs = byWord(firsts);
    Map<String, Integer> ordered = new TreeMap<>(order);
    for (int word = 0; word < words; word++) {
      ordered.put(new String(letters, starts[word], starts[word + 1] - starts[word]), word);
    }
    ordered.forEach(
        (text, word) -> entry.accept(text, RunList.of(runs, firsts[word], firsts[word + 1])));
  }

  private int[] byWord(int[] firsts) {
    int[] next = firsts.clone();
    int[] byWord = new int[taken];
    int at = 0;
    for (int run = 0; run < runs; run++) {
      while (at < ends[run]) {
        byWord[next[takenWords[at++]]++] = run;
      }
    }
    return byWord;
  }

  private void take(int word, int run) {
    if (counts[word] > 0 && last[word] == run) {
      return;
    }
    last[word] = run;
    counts[word]++;
    if (taken == takenWords.length) {
      takenWords = Arrays.copyOf(takenWords, 2 * taken);
    }
    begin(run);
    takenWords[taken++] = word;
    ends[run] = taken;
  }

  /** Runs without a word, if any came before this one, end where they begin. */
  private void begin(int run) {
    if (run >= ends.length) {
      ends = Arrays.copyOf(ends, 2 * (run + 1));
    }
    while (runs <= run) {
      ends[runs++] = taken;
    }
  }

  private boolean isAt(int word, char[] text, int from, int to) {
    return Arrays.equals(letters, starts[word], starts[word + 1], text, from, to);
  }

  private void append(char[] text, int from, int to) {
    if (words + 2 > starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      last = Arrays.copyOf(last, starts.length);
      counts = Arrays.copyOf(counts, starts.length);
    }
    int start = starts[words];
    int end = start + to - from;
    if (end > letters.length) {
      letters = Arrays.copyOf(letters, 2 * end);
    }
    System.arraycopy(text, from, letters, start, to - from);
    starts[words + 1] = end;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (long entry : old) {
      if (entry != 0) {
        int slot = (int) (entry >>> 32) & slots.length - 1;
        while (slots[slot] != 0) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = entry;
      }
    }
  }

  private static int hash(char[] text, int from, int to) {
    int hash = 0;
    for (int at = from; at < to; at++) {
      hash = 31 * hash + text[at];
    }
    // neighbours in the alphabet would crowd together
    hash *= 0x9E3779B1;
    return hash ^ hash >>> 15;
  }
}
