package dev.perilune.processor.search;

import java.util.Arrays;
import java.util.Map;

/**
 * Folds texts exactly as the database's {@code folded()} does, which compares them: a word that is
 * listed otherwise is never found. What each character becomes is asked of the database, since its
 * tables and Java's are of different years; how they stand together does not matter but for the dot
 * of the Turkish i, which is done here as it is done there.
 */
final class Folding {
  private static final char DOT = '\u0307';
  private static final char DOTLESS = '\u0131';

  /** Of a char that becomes several, or is half a pair: see {@link #rare}. */
  private static final char RARE = 0;

  private final char[] plain = new char[Character.MAX_VALUE + 1];
  private final Map<Integer, String> all;
  private char[] buffer = new char[4096];
  private int length;

  // the last char before the i's were made one: only a dotted one loses its dot
  private char before;

  /** Takes the code points that are not folded to themselves, before the i's are made one. */
  Folding(Map<Integer, String> folded) {
    all = Map.copyOf(folded);
    for (char unit = 0; unit < Character.MAX_VALUE; unit++) {
      plain[unit] = Character.isSurrogate(unit) ? RARE : unit;
    }
    folded.forEach(
        (point, text) -> {
          if (point <= Character.MAX_VALUE) {
            plain[point] = text.length() == 1 ? text.charAt(0) : RARE;
          }
        });
    plain[DOTLESS] = RARE;
    plain[DOT] = RARE;
  }

  /** Folds into {@link #buffer()}, for one thread at a time; returns how long it is. */
  int fold(String text) {
    length = 0;
    before = 0;
    room(text.length());
    for (int at = 0; at < text.length(); at++) {
      char folded = plain[text.charAt(at)];
      if (folded != RARE) {
        buffer[length++] = folded;
        before = folded;
      } else {
        int point = text.codePointAt(at);
        rare(point, text.length() - at);
        at += Character.charCount(point) - 1;
      }
    }
    return length;
  }

  /** What was folded last. */
  char[] buffer() {
    return buffer;
  }

  private void rare(int point, int rest) {
    String folded = all.getOrDefault(point, Character.toString(point));
    room(rest + folded.length());
    for (int i = 0; i < folded.length(); i++) {
      char unit = folded.charAt(i);
      if (unit != DOT || before != 'i') {
        buffer[length++] = unit == DOTLESS ? 'i' : unit;
      }
      before = unit;
    }
  }

  private void room(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * (length + more));
    }
  }
}
