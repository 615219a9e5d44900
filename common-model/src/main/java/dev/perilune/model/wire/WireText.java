package dev.perilune.model.wire;

import dev.perilune.model.RunIds;

/**
 * Makes texts storable: NUL characters go, unpaired surrogates become U+FFFD. Neither exists in
 * UTF-8 text columns, and one such character must not cost an event.
 */
final class WireText {
  /** In UTF-16 units; three bytes each at most, and an index entry holds some 2,700. */
  private static final int LONGEST_INDEXED = 512;

  private static final char REPLACEMENT = '\uFFFD';

  private WireText() {}

  static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isSuspect(text.charAt(i))) {
        char[] chars = text.toCharArray();
        return new String(chars, 0, clean(chars, 0, chars.length));
      }
    }
    return text;
  }

  /** Cleans in place and returns the new length; an unchanged length with no write costs a scan. */
  static int clean(char[] chars, int from, int length) {
    int end = from + length;
    int i = from;
    while (i < end && !isSuspect(chars[i])) {
      i++;
    }
    int out = i;
    for (; i < end; i++) {
      char c = chars[i];
      if (c == 0) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(chars[i + 1]);
      if (pair) {
        chars[out++] = c;
        chars[out++] = chars[++i];
      } else {
        chars[out++] = Character.isSurrogate(c) ? REPLACEMENT : c;
      }
    }
    return out - from;
  }

  private static boolean isSuspect(char c) {
    return c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /**
   * Makes a text short enough for an index: a longer one keeps its beginning and is told apart by a
   * hash of the whole.
   */
  static String indexable(String text) {
    if (text.length() <= LONGEST_INDEXED) {
      return text;
    }
    int kept = LONGEST_INDEXED - 40;
    int end = Character.isHighSurrogate(text.charAt(kept - 1)) ? kept - 1 : kept;
    return text.substring(0, end) + "..." + RunIds.pyUuid(text);
  }
}
