package dev.perilune.query.runs;

import dev.perilune.query.filter.RawQuery;
import dev.perilune.runtime.http.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of the use of models and tools.
 *
 * @param days how far it looks back from now, at most a hundred years
 * @param userId internal id of the only user that counts; null for all
 * @param daily whether each UTC day is told apart
 */
record RunUsage(int days, @Nullable Long userId, boolean daily) {

  private static final long MOST_DAYS = 36_525;

  // clients are used to a number with anything behind it
  private static final Pattern WHOLE = Pattern.compile("\\s*([+-]?\\d{1,18}).*", Pattern.DOTALL);

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws Problem.BadRequest without a number of days, or with a user's id that is no number
   */
  static RunUsage of(@Nullable String query) {
    RawQuery raw = RawQuery.of(query);
    long days = raw.text("days").flatMap(RunUsage::whole).orElseThrow(RunUsage::refused);
    Optional<String> user = raw.text("userId");
    Long userId =
        user.isEmpty() ? null : user.flatMap(RunUsage::whole).orElseThrow(RunUsage::refused);
    return new RunUsage(
        (int) Math.max(-MOST_DAYS, Math.min(MOST_DAYS, days)),
        userId,
        raw.text("daily").isPresent());
  }

  private static Optional<Long> whole(String text) {
    Matcher number = WHOLE.matcher(text);
    return number.matches() ? Optional.of(Long.valueOf(number.group(1))) : Optional.empty();
  }

  private static Problem refused() {
    return new Problem.BadRequest("Invalid query parameters");
  }
}
