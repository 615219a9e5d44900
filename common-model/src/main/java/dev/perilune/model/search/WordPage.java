package dev.perilune.model.search;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Neighbouring words of a segment, with the runs that each is in. The words stand between edges, so
 * that a plain search for {@code "\nfoo"} in their text finds those that begin with foo; the
 * database does that, and only pages with such a word are read.
 *
 * <p>After the words of a segment come pages of its directory: every three neighbouring characters
 * of its words behind a mark, with the numbers of the pages that have such a word in place of runs.
 * So a part of a word is found without reading all words.
 *
 * @param words edge, word, edge, word, … edge, in the order of {@link #ORDER}
 * @param runs the lists of runs, in the order of the words
 */
public record WordPage(String words, byte[] runs) {

  /** What stands between words; no word holds it. */
  public static final String EDGE = "\n";

  /** The order of UTF-8 bytes, which is the database's for its collation C. */
  public static final Comparator<String> ORDER = WordPage::compare;

  // below every word, so that pages of words and of the directory do not lie in between each other
  private static final char DIRECTORY_MARK = 1;
  private static final int DIRECTORY_CHARACTERS = 3;
  private static final int MOST_LOOKUPS = 6;
  private static final int MOST_WORDS = 64;
  private static final int MOST_CHARACTERS = 2000;
  private static final int MOST_BYTES = 4096;

  /** The pattern of that very word. */
  static String exact(String word) {
    return EDGE + word + EDGE;
  }

  /** Whether a pattern is that of a whole word. */
  public static boolean isExact(String pattern) {
    return pattern.startsWith(EDGE) && pattern.endsWith(EDGE);
  }

  /** The word of an exact pattern. */
  public static String wordOf(String pattern) {
    return pattern.substring(1, pattern.length() - 1);
  }

  /** Whether the page is one of the directory. */
  public boolean isDirectory() {
    return words.charAt(1) == DIRECTORY_MARK;
  }

  /**
   * Patterns of words of the directory: a page with a word that the pattern is found in is in the
   * lists of all of them. None if the pattern is too short; all words must be read then.
   */
  public static List<String> lookups(String pattern) {
    String part = pattern.replace(EDGE, "");
    List<String> lookups = new ArrayList<>();
    int places = part.length() - DIRECTORY_CHARACTERS + 1;
    int step = Math.max(1, places / MOST_LOOKUPS);
    for (int at = 0; at < places && lookups.size() < MOST_LOOKUPS; at += step) {
      lookups.add(exact(DIRECTORY_MARK + part.substring(at, at + DIRECTORY_CHARACTERS)));
    }
    return lookups;
  }

  /** The first of its words. */
  public String first() {
    return words.substring(1, words.indexOf(EDGE, 1));
  }

  /** Tells every word, with its runs. */
  public void forEach(BiConsumer<String, RunList> word) {
    RunListCodec.Reader reader = new RunListCodec.Reader(runs);
    int from = 1;
    while (from < words.length()) {
      int to = words.indexOf(EDGE, from);
      word.accept(words.substring(from, to), reader.next());
      from = to + 1;
    }
  }

  /** The runs of every word that the pattern is found in. */
  public List<RunList> find(String pattern) {
    List<RunList> found = new ArrayList<>();
    RunListCodec.Reader reader = new RunListCodec.Reader(runs);
    int edge = 0;
    int at = words.indexOf(pattern);
    while (at >= 0) {
      int inside = pattern.startsWith(EDGE) ? at + 1 : at;
      int end = words.indexOf(EDGE, edge + 1);
      while (end < inside) {
        reader.skip();
        end = words.indexOf(EDGE, end + 1);
      }
      found.add(reader.next());
      edge = end;
      at = words.indexOf(pattern, edge);
    }
    return found;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WordPage page
        && page.words.equals(words)
        && Arrays.equals(page.runs, runs);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  private static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int at = 0; at < length; at++) {
      char a = one.charAt(at);
      char b = other.charAt(at);
      if (a != b) {
        // a pair of surrogates stands for a code point above all that a single one can be
        boolean pair = Character.isSurrogate(a) != Character.isSurrogate(b);
        return pair ? (Character.isSurrogate(a) ? 1 : -1) : a - b;
      }
    }
    return one.length() - other.length();
  }

  /** Cuts words that come in order into pages, and adds their directory. */
  public static final class Writer {
    private final StringBuilder words = new StringBuilder(EDGE);
    private final ByteArrayOutputStream runs = new ByteArrayOutputStream(MOST_BYTES);
    private final List<WordPage> pages = new ArrayList<>();
    private int count;

    public void add(String word, RunList in) {
      words.append(word).append(EDGE);
      RunListCodec.write(in, runs);
      if (++count == MOST_WORDS || words.length() >= MOST_CHARACTERS || runs.size() >= MOST_BYTES) {
        endPage();
      }
    }

    /** All pages by their numbers, once all words are added. */
    public List<WordPage> pages() {
      if (count > 0) {
        endPage();
      }
      Map<String, RunList> directory = new TreeMap<>(ORDER);
      for (int number = 0; number < pages.size(); number++) {
        list(pages.get(number).words, number, directory);
      }
      directory.forEach(this::add);
      if (count > 0) {
        endPage();
      }
      return List.copyOf(pages);
    }

    private static void list(String words, int number, Map<String, RunList> directory) {
      int word = 1;
      for (int at = 1; at < words.length(); at++) {
        if (words.charAt(at) == EDGE.charAt(0)) {
          word = at + 1;
        } else if (at - word >= DIRECTORY_CHARACTERS - 1 && SearchWords.isLetter(words, word)) {
          String part = words.substring(at - DIRECTORY_CHARACTERS + 1, at + 1);
          directory.computeIfAbsent(DIRECTORY_MARK + part, key -> new RunList()).add(number);
        }
      }
    }

    private void endPage() {
      pages.add(new WordPage(words.toString(), runs.toByteArray()));
      words.setLength(1);
      runs.reset();
      count = 0;
    }
  }
}
