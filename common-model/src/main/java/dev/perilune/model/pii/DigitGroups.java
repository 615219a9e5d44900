package dev.perilune.model.pii;

import dev.perilune.model.pii.PiiMask.Find;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Groups of digits with a separator between each two, as people write numbers; knows which of them
 * are social security, card or phone numbers.
 */
final class DigitGroups {
  private static final int MOST_GROUPS = 9;
  private static final int MOST_DIGITS = 19;
  private static final String SEPARATORS = " -./()";
  private static final Set<String> CARD_LENGTHS = Set.of("4444", "44443", "465", "464");
  private static final int LONGEST_SEPARATOR = 2;

  private final String text;
  private final int from;

  /** All digits; group g ends before digit {@code digitsTo[g]} and before place {@code to[g]}. */
  private final StringBuilder digits = new StringBuilder(MOST_DIGITS);

  private final int[] digitsTo = new int[MOST_GROUPS];
  private final int[] to = new int[MOST_GROUPS];
  private int groups;

  private DigitGroups(String text, int from) {
    this.text = text;
    this.from = from;
  }

  static boolean mayBeginWith(char c) {
    return c == '+' || c == '(' || PiiMask.isDigit(c);
  }

  /** Reads the groups that begin here; null where a longer word or number goes on. */
  static @Nullable DigitGroups at(String text, int from) {
    if (PiiMask.isWordAt(text, from - 1) || continuesOther(text, from)) {
      return null;
    }
    DigitGroups found = new DigitGroups(text, from);
    int at = from;
    while (at < text.length() && !PiiMask.isDigit(text.charAt(at))) {
      // at most "+" and "(" before the first digit
      if (!mayBeginWith(text.charAt(at)) || at - from >= LONGEST_SEPARATOR) {
        return null;
      }
      at++;
    }
    found.read(at);
    return found.groups == 0 ? null : found;
  }

  /** {@code 3.141}, {@code a1-23}: the digits after the separator are no beginning. */
  private static boolean continuesOther(String text, int from) {
    char before = from == 0 ? ' ' : text.charAt(from - 1);
    boolean joins = before == '-' || before == '.' || before == ',' || before == '+';
    return joins && PiiMask.isWordAt(text, from - 2);
  }

  private void read(int start) {
    int at = start;
    while (groups < MOST_GROUPS) {
      int first = at;
      while (at < text.length() && PiiMask.isDigit(text.charAt(at))) {
        if (digits.length() < MOST_DIGITS) {
          digits.append(text.charAt(at));
        }
        at++;
        if (at - first > MOST_DIGITS) {
          return;
        }
      }
      if (at == first || sum() + at - first > MOST_DIGITS) {
        return;
      }
      digitsTo[groups] = sum() + at - first;
      to[groups++] = at;
      int next = at;
      while (next < text.length()
          && next - at < LONGEST_SEPARATOR
          && SEPARATORS.indexOf(text.charAt(next)) >= 0) {
        next++;
      }
      if (next == at) {
        return;
      }
      at = next;
    }
  }

  private int sum() {
    return groups == 0 ? 0 : digitsTo[groups - 1];
  }

  @Nullable Find find(Set<PiiType> types) {
    if (types.contains(PiiType.SSN) && isSsn()) {
      return new Find(PiiType.SSN, from, to[2]);
    }
    // the longest first: a phone number's last group must not stay behind
    for (int last = groups - 1; last >= 0; last--) {
      if (!endsAt(last)) {
        continue;
      }
      if (types.contains(PiiType.CREDIT_CARD) && isCard(last)) {
        return new Find(PiiType.CREDIT_CARD, from, to[last]);
      }
      if (types.contains(PiiType.PHONE) && PhoneNumber.is(this, last)) {
        return new Find(PiiType.PHONE, from, to[last]);
      }
    }
    return null;
  }

  /** Whether nothing goes on behind this group that would make it part of something else. */
  private boolean endsAt(int group) {
    int end = to[group];
    boolean joined =
        end < text.length()
            && "-@".indexOf(text.charAt(end)) >= 0
            && PiiMask.isWordAt(text, end + 1);
    return !joined && !PiiMask.isWordAt(text, end);
  }

  /** 3-2-4 digits; areas 000, 666 and 9xx, group 00 and serial 0000 were never given out. */
  private boolean isSsn() {
    if (groups < 3
        || length(0) != 3
        || length(1) != 2
        || length(2) != 4
        || !PiiMask.isDigit(text.charAt(from))
        || !endsAt(2)) {
      return false;
    }
    String area = digits.substring(0, 3);
    boolean separated = separator(0) == separator(1) && "- ".indexOf(separator(0)) >= 0;
    return separated
        && !area.equals("000")
        && !area.equals("666")
        && area.charAt(0) != '9'
        && !digits.substring(3, 5).equals("00")
        && !digits.substring(5, 9).equals("0000");
  }

  /** 13 to 19 digits in one group or as they are printed on cards, with Luhn's check digit. */
  private boolean isCard(int last) {
    int count = digitsTo[last];
    if (count < 13
        || digits.charAt(0) < '2'
        || digits.charAt(0) > '6'
        || !PiiMask.isDigit(text.charAt(from))
        || !isPrintedLikeACard(last)) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits.charAt(count - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit : digit * 2;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  /** One group, 4-4-4-4 and perhaps three more digits, 4-6-5 or 4-6-4. */
  private boolean isPrintedLikeACard(int last) {
    if (last == 0) {
      return true;
    }
    StringBuilder lengths = new StringBuilder(MOST_GROUPS);
    for (int group = 0; group <= last; group++) {
      lengths.append(length(group));
    }
    return CARD_LENGTHS.contains(lengths.toString())
        && isUniform(last)
        && " -".indexOf(separator(0)) >= 0;
  }

  /** Digits of the groups up to this one. */
  String digits(int last) {
    return digits.substring(0, digitsTo[last]);
  }

  int length(int group) {
    return digitsTo[group] - (group == 0 ? 0 : digitsTo[group - 1]);
  }

  /** What stands behind a group, its first character. */
  char separator(int group) {
    return text.charAt(to[group]);
  }

  /** Whether the same single character stands between all groups up to this one. */
  boolean isUniform(int last) {
    for (int group = 0; group < last; group++) {
      int next = to[group + 1] - length(group + 1);
      if (separator(group) != separator(0) || next - to[group] != 1) {
        return false;
      }
    }
    return true;
  }

  char firstChar() {
    return text.charAt(from);
  }
}
