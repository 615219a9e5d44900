package dev.perilune.model.pii;

import dev.perilune.model.pii.PiiMask.Find;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address, told by its {@code @}: local part, domain with a dot, at least two letters.
 */
final class EmailAddress {
  private static final int LONGEST_LOCAL = 64;
  private static final int LONGEST_DOMAIN = 255;
  private static final int SHORTEST_TOP_LEVEL = 2;

  private EmailAddress() {}

  static @Nullable Find around(String text, int atSign, int notBefore) {
    int from = atSign;
    int first = Math.max(notBefore, atSign - LONGEST_LOCAL);
    while (from > first && isLocal(text.charAt(from - 1))) {
      from--;
    }
    while (from < atSign && text.charAt(from) == '.') {
      from++;
    }
    int to = endOfDomain(text, atSign + 1);
    return from < atSign && to > 0 ? new Find(PiiType.EMAIL, from, to) : null;
  }

  /** Returns 0 if no domain begins here. */
  private static int endOfDomain(String text, int from) {
    int last = Math.min(text.length(), from + LONGEST_DOMAIN);
    int end = 0;
    int lettersOfLabel = 0;
    boolean dotted = false;
    boolean lettersOnly = true;
    for (int i = from; i < last; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (i == from || text.charAt(i - 1) == '.') {
          break;
        }
        dotted = true;
        lettersOfLabel = 0;
        lettersOnly = true;
      } else if (c == '-' || Character.isLetterOrDigit(c)) {
        lettersOnly &= Character.isLetter(c);
        lettersOfLabel++;
        end = dotted && lettersOnly && lettersOfLabel >= SHORTEST_TOP_LEVEL ? i + 1 : end;
      } else {
        break;
      }
    }
    return end;
  }

  private static boolean isLocal(char c) {
    return Character.isLetterOrDigit(c) || "!#$%&'*+/=?^_`{|}~.-".indexOf(c) >= 0;
  }
}
