package dev.perilune.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that people wrote to find models by name, with a bound on what looking for
 * it may cost: every tenant shares the processor, and a pattern such as {@code (a+)+$} can take for
 * ever.
 *
 * <p>Looking stops, without a match, after {@value #MOST_STEPS} reads of a character (well under a
 * millisecond) or when the stack ends. Repeating something empty reads no character, so patterns
 * that ask for many repetitions are refused.
 */
public final class NamePattern {
  static final int MOST_STEPS = 50_000;

  private static final int LONGEST_PATTERN = 2_000;
  private static final int MOST_REPETITIONS = 10_000;
  private static final Pattern REPETITION = Pattern.compile("(\\)?)\\{(\\d+)");

  private final Pattern pattern;

  private NamePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** The pattern, unless it is not valid, too long or repeats something too often. */
  public static Optional<NamePattern> of(String regex) {
    if (regex.length() > LONGEST_PATTERN || repeatsTooOften(regex)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new NamePattern(Pattern.compile(regex, Pattern.CASE_INSENSITIVE)));
    } catch (PatternSyntaxException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  /** Whether the pattern is somewhere in the name. */
  public boolean isIn(String name) {
    try {
      Matcher matcher = pattern.matcher(new CountedText(name));
      return matcher.find();
    } catch (TooManySteps | StackOverflowError e) {
      return false;
    }
  }

  /** Groups may stand in each other, so their repetitions multiply. */
  private static boolean repeatsTooOften(String regex) {
    Matcher found = REPETITION.matcher(regex);
    long ofGroups = 1;
    long ofOne = 1;
    while (found.find()) {
      if (found.group(2).length() > 5) {
        return true;
      }
      long times = Math.max(1, Long.parseLong(found.group(2)));
      ofGroups *= found.group(1).isEmpty() ? 1 : times;
      ofOne = found.group(1).isEmpty() ? Math.max(ofOne, times) : ofOne;
      if (ofGroups * ofOne > MOST_REPETITIONS) {
        return true;
      }
    }
    return false;
  }

  private static final class CountedText implements CharSequence {
    private final String text;
    private int steps;

    CountedText(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > MOST_STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Leaves the matcher; no stack trace, because it is no fault of ours. */
  private static final class TooManySteps extends RuntimeException {
    TooManySteps() {
      super(null, null, false, false);
    }
  }
}
