package dev.perilune.query.ingest;

import dev.perilune.runtime.http.Problem;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how long a caller wants to wait. */
final class WaitTime {
  static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|)");

  private WaitTime() {}

  /**
   * Reads {@code 5s}, {@code 500ms} or {@code 5} (seconds), 0 to 30 s; nothing is 0.
   *
   * @throws Problem.Invalid for anything else
   */
  static Duration parse(@Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      long number = Long.parseLong(form.group(1));
      Duration wait =
          form.group(2).equals("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
      if (wait.compareTo(LONGEST) <= 0) {
        return wait;
      }
    }
    String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
    throw new Problem.Invalid("wait", "must be 0 to 30 s, such as 5s or 500ms, was " + shown);
  }
}
