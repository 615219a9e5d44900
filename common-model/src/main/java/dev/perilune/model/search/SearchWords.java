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

  private static final byte LETTER = (byte) Kind.LETTER.ordinal();
  private static final byte DENSE = (byte) Kind.DENSE.ordinal();

  /** By char; halves of a pair are what the pair is. */
  private static final byte[] KINDS = kinds();

  private SearchWords() {}

  /** Takes words as they stand in an array, which changes as soon as it returns. */
  @FunctionalInterface
  public interface Words {
    /** The word is what lies in [from, to). */
    void take(char[] text, int from, int to);
  }

  /** Tells every word of a folded text, in order, repeated ones each time. */
  public static void forEach(String folded, Consumer<String> word) {
    forEach(folded.toCharArray(), folded.length(), strings(word));
  }

  /** The same without making strings, for whoever reads many texts. */
  public static void forEach(char[] folded, int length, Words words) {
    int at = 0;
    while (at < length) {
      byte kind = KINDS[folded[at]];
      int end = at + 1;
      while (end < length && KINDS[folded[end]] == kind) {
        end++;
      }
      if (kind == LETTER) {
        letters(folded, at, end, words);
      } else if (kind == DENSE) {
        neighbours(folded, at, end, words);
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

  private static void letters(char[] text, int from, int to, Words words) {
    if (to - from <= LONGEST_WORD) {
      words.take(text, from, to);
    } else {
      longWord(text, from, to, words);
    }
  }

  /** The words that stand for a piece, of three characters or more, of a long word. */
  static void longWord(String piece, Consumer<String> word) {
    longWord(piece.toCharArray(), 0, piece.length(), strings(word));
  }

  private static void longWord(char[] text, int from, int to, Words words) {
    char[] marked = {LONG_MARK, 0, 0, 0};
    for (int at = from; at + 3 <= to; at++) {
      System.arraycopy(text, at, marked, 1, 3);
      words.take(marked, 0, marked.length);
    }
  }

  static void neighbours(String run, Consumer<String> word) {
    neighbours(run.toCharArray(), 0, run.length(), strings(word));
  }

  private static void neighbours(char[] text, int from, int to, Words words) {
    int first = from;
    int second = from + charCount(text, from);
    if (second == to) {
      words.take(text, from, to);
    }
    while (second < to) {
      int end = second + charCount(text, second);
      words.take(text, first, end);
      first = second;
      second = end;
    }
  }

  private static int charCount(char[] text, int at) {
    return Character.isHighSurrogate(text[at]) ? 2 : 1;
  }

  private static Words strings(Consumer<String> word) {
    return (text, from, to) -> word.accept(new String(text, from, to - from));
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

  private static byte[] kinds() {
    byte[] kinds = new byte[Character.MAX_VALUE + 1];
    for (int unit = 0; unit < kinds.length; unit++) {
      kinds[unit] = (byte) kind(unit).ordinal();
    }
    return kinds;
  }
}
