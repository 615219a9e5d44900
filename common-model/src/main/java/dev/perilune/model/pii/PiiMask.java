package dev.perilune.model.pii;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces e-mail addresses, phone numbers, social security numbers, card numbers and IBANs in a
 * text by placeholders.
 *
 * <p>Method: one walk over the characters. Each place where a find could begin (an {@code @}, a
 * digit group, a word of letters and digits) is looked at over a bounded distance, so the time is
 * linear in the length of the text, whatever it says. Cards and IBANs must satisfy their check
 * digits; plain digits without separators are no phone number, because identifiers and times look
 * the same.
 *
 * <p>Safe for use by several threads.
 */
public final class PiiMask {
  private final Set<PiiType> types;

  public PiiMask(Set<PiiType> types) {
    this.types = types.isEmpty() ? EnumSet.noneOf(PiiType.class) : EnumSet.copyOf(types);
  }

  /** Something found: the characters from {@code from} up to {@code to}. */
  record Find(PiiType type, int from, int to) {}

  /** Returns the text with placeholders, the very same text if there is nothing to hide. */
  public String mask(String text) {
    StringBuilder masked = null;
    int copied = 0;
    int at = 0;
    while (at < text.length()) {
      Find find = find(text, at, copied);
      if (find == null) {
        at = next(text, at);
        continue;
      }
      masked = masked == null ? new StringBuilder(text.length()) : masked;
      masked.append(text, copied, find.from()).append(find.type().placeholder());
      copied = find.to();
      at = copied;
    }
    return masked == null ? text : masked.append(text, copied, text.length()).toString();
  }

  private @Nullable Find find(String text, int at, int notBefore) {
    char c = text.charAt(at);
    if (c == '@') {
      return types.contains(PiiType.EMAIL) ? EmailAddress.around(text, at, notBefore) : null;
    }
    if (DigitGroups.mayBeginWith(c)) {
      DigitGroups groups = DigitGroups.at(text, at);
      return groups == null ? null : groups.find(types);
    }
    return types.contains(PiiType.IBAN) ? Iban.at(text, at) : null;
  }

  /** A digit group that gave nothing is passed as a whole: finds begin at its start or nowhere. */
  private static int next(String text, int at) {
    int next = at + 1;
    if (isDigit(text.charAt(at))) {
      while (next < text.length() && isDigit(text.charAt(next))) {
        next++;
      }
    }
    return next;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  /** Whether the character at this place, if there is one, belongs to a word. */
  static boolean isWordAt(String text, int at) {
    return at >= 0 && at < text.length() && isWord(text.charAt(at));
  }
}
