package dev.perilune.model.search;

import java.util.function.Consumer;

/**
 * Cuts folded texts into the words that the search index keeps.
 *
 * <p>A word is a run of letters and digits. Scripts that put no spaces between words, and symbols
 * such as emoji, give every two neighbours instead (one that stands alone gives itself). Words
 * above {@value #LONGEST_WORD} characters, such as encoded files, give every three neighbours
 * behind a {@link #LONG_MARK}, so that they add a bounded number of words.
 *
 * <p>What counts as a letter is told by fixed ranges and not by Java's tables: those differ between
 * releases, and who looks for a text must cut it as it was cut when it was stored.
 */
public final class SearchWords {
  static final int LONGEST_WORD = 64;
  static final char LONG_MARK = 2;

  /** What a code point is to the cutting. */
  enum Kind {
    GAP,
    LETTER,
    DENSE
  }

  private SearchWords() {}

  /** Tells every word of a folded text, in order, repeated ones each time. */
  public static void forEach(String folded, Consumer<String> word) {
    int at = 0;
    while (at < folded.length()) {
      Kind kind = kind(folded.codePointAt(at));
      int end = endOfRun(folded, at, kind);
      switch (kind) {
        case GAP -> {}
        case LETTER -> letters(folded.substring(at, end), word);
        case DENSE -> neighbours(folded.substring(at, end), word);
      }
      at = end;
    }
  }

  static int endOfRun(String text, int from, Kind kind) {
    int at = from;
    while (at < text.length() && kind(text.codePointAt(at)) == kind) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  private static void letters(String run, Consumer<String> word) {
    if (run.length() <= LONGEST_WORD) {
      word.accept(run);
    } else {
      longWord(run, word);
    }
  }

  /** The words that stand for a piece, of three characters or more, of a long word. */
  static void longWord(String piece, Consumer<String> word) {
    for (int at = 0; at + 3 <= piece.length(); at++) {
      word.accept(LONG_MARK + piece.substring(at, at + 3));
    }
  }

  static void neighbours(String run, Consumer<String> word) {
    int first = 0;
    int second = Character.charCount(run.codePointAt(0));
    if (second == run.length()) {
      word.accept(run);
    }
    while (second < run.length()) {
      int end = second + Character.charCount(run.codePointAt(second));
      word.accept(run.substring(first, end));
      first = second;
      second = end;
    }
  }

  static boolean isLetter(String text, int at) {
    return kind(text.codePointAt(at)) == Kind.LETTER;
  }

  static Kind kind(int point) {
    if (point < 0x80) {
      boolean isLetter =
          point >= 'a' && point <= 'z'
              || point >= '0' && point <= '9'
              || point >= 'A' && point <= 'Z';
      return isLetter ? Kind.LETTER : Kind.GAP;
    }
    if (point < 0xC0 || point >= 0x2000 && point < 0x2070) {
      return Kind.GAP;
    }
    return isDense(point) ? Kind.DENSE : Kind.LETTER;
  }

  /** Thai to Myanmar, Khmer, arrows and symbols, Chinese and Japanese, full width, all beyond. */
  private static boolean isDense(int point) {
    return point >= 0xE00 && point < 0x10A0
        || point >= 0x1780 && point < 0x1800
        || point >= 0x2190 && point < 0x2C00
        || point >= 0x2E80 && point < 0xA000
        || point >= 0xD800 && point < 0xFB00
        || point >= 0xFE00 && point < 0xFE70
        || point >= 0xFF00;
  }
}
