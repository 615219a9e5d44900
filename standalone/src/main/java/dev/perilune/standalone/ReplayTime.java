package dev.perilune.standalone;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a point in time from the command line. */
final class ReplayTime {
  private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

  private ReplayTime() {}

  /**
   * Reads {@code 90m} (that long before now; s, m, h, d), a date (midnight UTC) or a date and time
   * with its offset.
   *
   * @throws StartRefused for anything else
   */
  static Instant parse(String option, String text, Instant now) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2).charAt(0)));
    }
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new StartRefused(
          option + " must be like 2026-03-01T12:00:00Z, 2026-03-01 or 90m (ago), was " + text);
    }
  }

  private static Duration duration(long amount, char unit) {
    return switch (unit) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
