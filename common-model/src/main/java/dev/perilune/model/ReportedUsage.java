package dev.perilune.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Token counts as an SDK reported them, before any rule is applied; {@code null} = not reported.
 *
 * @param promptCached tokens read from a cache; some providers count them in {@code prompt}, some
 *     beside it
 */
public record ReportedUsage(
    @Nullable Integer prompt, @Nullable Integer completion, @Nullable Integer promptCached) {

  private static final Pattern NUMBER =
      Pattern.compile("\"?\\s*(-?\\d{1,40}(?:\\.\\d{1,40})?(?:[eE][+-]?\\d{1,3})?)\\s*\"?");

  /**
   * Reads a count: a JSON number or the JSON text of one, rounded, at most {@link
   * Integer#MAX_VALUE}.
   *
   * @return {@code null} if it is neither, negative or not finite
   */
  public static @Nullable Integer count(@Nullable String json) {
    Matcher number = NUMBER.matcher(json == null ? "" : json);
    if (!number.matches()) {
      return null;
    }
    double count = Double.parseDouble(number.group(1));
    return Double.isFinite(count) && count >= 0
        ? (int) Math.min(Integer.MAX_VALUE, Math.round(count))
        : null;
  }
}
