package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Granularity;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.RawQuery;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.http.Problem.Invalid.Issue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of one question and gathers all that is wrong with them. */
final class Given {

  private static final Pattern DATE_TIME =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

  // names of the time zone database that Java takes for abbreviations
  private static final Map<String, String> FIXED =
      Map.of("EST", "-05:00", "MST", "-07:00", "HST", "-10:00");

  private final RawQuery query;
  private final List<Issue> issues = new ArrayList<>();

  Given(@Nullable String query) {
    this.query = RawQuery.of(query);
  }

  /** A text, or nothing where there is none. */
  Optional<String> text(String name) {
    return query.text(name);
  }

  /**
   * The filters among the pairs of the query, and those of its {@code checks} parameter, which
   * holds such pairs or filter logic as JSON. A run must satisfy both.
   *
   * @throws Problem.Invalid naming the filter that cannot be read
   */
  static FilterQuery filter(@Nullable String query) {
    String checks = RawQuery.of(query).text("checks").orElse("");
    boolean json = checks.stripLeading().startsWith("[");
    return FilterQuery.parse(query)
        .and(json ? FilterQuery.parseJson("checks", checks) : FilterQuery.parse(checks));
  }

  /** A date with time and offset; null counts as an issue unless absence is allowed. */
  @Nullable Instant instant(String name, boolean required) {
    String value = value(name, required);
    if (value == null) {
      return null;
    }
    try {
      // an offset's plus sign that nobody encoded arrives as it is, or as a space
      String text = value.replace(' ', '+');
      if (DATE_TIME.matcher(text).matches()) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException noSuchDay) {
      // the same text serves a wrong form and a day that no month has
    }
    return refuse(name, "Invalid datetime, expected one like 2024-05-01T00:00:00.000Z");
  }

  /** A time zone; a space in its name stands for a plus sign. */
  @Nullable ZoneId zone(String name, boolean required) {
    String value = value(name, required);
    if (value == null) {
      return null;
    }
    try {
      return ZoneId.of(value.replace(' ', '+'), FIXED);
    } catch (DateTimeException unknown) {
      return refuse(
          name,
          "Unknown time zone \"" + shortened(value) + "\", expected one like America/New_York");
    }
  }

  @Nullable Granularity granularity(String name) {
    String value = value(name, true);
    if (value == null) {
      return null;
    }
    return Granularity.named(value)
        .orElseGet(
            () ->
                refuse(
                    name,
                    "Invalid enum value. Expected 'hourly' | 'daily' | 'weekly' | 'monthly',"
                        + " received '"
                        + shortened(value)
                        + "'"));
  }

  /** A whole number from {@code min} to {@code max}, or null where there is none. */
  @Nullable Long number(String name, long min, long max) {
    String value = value(name, false);
    if (value == null) {
      return null;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // the same text serves a word and a number out of range
    }
    return refuse(
        name,
        "Expected a whole number from " + min + " to " + max + ", received " + shortened(value));
  }

  /**
   * To be called when everything has been read.
   *
   * @throws Problem.Invalid with every issue, if there are any
   */
  void check() {
    if (!issues.isEmpty()) {
      throw new Problem.Invalid(issues);
    }
  }

  private @Nullable String value(String name, boolean required) {
    Optional<String> value = query.text(name);
    if (value.isEmpty() && required) {
      refuse(name, "Required");
    }
    return value.orElse(null);
  }

  private <T> @Nullable T refuse(String name, String text) {
    issues.add(new Issue(name, text));
    return null;
  }

  private static String shortened(String value) {
    return value.length() <= 60 ? value : value.substring(0, 60) + "…";
  }
}
