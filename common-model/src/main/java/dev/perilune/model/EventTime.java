package dev.perilune.model;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * Reads the times that clients put on events, in microseconds since 1970-01-01T00:00:00Z.
 *
 * <p>Accepted: epoch milliseconds as a number (below 10<sup>11</sup>: epoch seconds) or as digits
 * in a text; ISO-8601 dates and date-times with or without offset (without: UTC); RFC 1123 dates.
 * Years 1 to 9999.
 */
public final class EventTime {
  /** Stands for a time that is missing or can't be read. */
  public static final long NONE = Long.MIN_VALUE;

  /** The first instant of year 1. */
  public static final long FIRST = -62_135_596_800_000_000L;

  /** The last microsecond of year 9999. */
  public static final long LAST = 253_402_300_799_999_999L;

  private static final double SECONDS_BELOW = 1e11;
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;

  private EventTime() {}

  /** Reads epoch milliseconds (or seconds, see above); {@link #NONE} outside years 1 to 9999. */
  public static long ofNumber(double number) {
    double millis = Math.abs(number) < SECONDS_BELOW ? number * 1000 : number;
    double micros = Math.floor(millis * 1000);
    return micros >= FIRST && micros <= LAST ? (long) micros : NONE;
  }

  /** Reads a date text; {@link #NONE} if it is none. */
  public static long ofText(String text) {
    String trimmed = text.trim();
    if (trimmed.isEmpty()) {
      return NONE;
    }
    try {
      long micros = new IsoScanner(trimmed).micros();
      return micros != NONE ? inRange(micros) : otherForms(trimmed);
    } catch (DateTimeException e) {
      return NONE;
    }
  }

  /**
   * Writes a time in ISO-8601, by hand since it runs for every event: no fraction, or three or six
   * digits of it.
   *
   * @param micros since 1970, in the years 1 to 9999
   */
  public static String text(long micros) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    int fraction = (int) Math.floorMod(micros, MICROS_PER_SECOND);
    int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
    StringBuilder text = new StringBuilder(28);
    append(text, day.getYear(), 4).append('-');
    append(text, day.getMonthValue(), 2).append('-');
    append(text, day.getDayOfMonth(), 2).append('T');
    append(text, second / 3600, 2).append(':');
    append(text, second / 60 % 60, 2).append(':');
    append(text, second % 60, 2);
    if (fraction != 0) {
      text.append('.');
      append(text, fraction % 1000 == 0 ? fraction / 1000 : fraction, fraction % 1000 == 0 ? 3 : 6);
    }
    return text.append('Z').toString();
  }

  private static StringBuilder append(StringBuilder text, int number, int digits) {
    int from = text.length();
    text.setLength(from + digits);
    int rest = number;
    for (int at = from + digits - 1; at >= from; at--) {
      text.setCharAt(at, (char) ('0' + rest % 10));
      rest /= 10;
    }
    return text;
  }

  private static long inRange(long micros) {
    return micros >= FIRST && micros <= LAST ? micros : NONE;
  }

  private static long otherForms(String text) {
    if (text.length() > 9 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return ofNumber(Double.parseDouble(text));
    }
    try {
      ZonedDateTime time = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      return inRange(time.toEpochSecond() * MICROS_PER_SECOND);
    } catch (DateTimeParseException e) {
      return NONE;
    }
  }

  /** Walks yyyy-mm-dd[(T| )hh:mm[:ss[.fraction]][offset]] by hand: it runs for every event. */
  private static final class IsoScanner {
    private final String text;
    private int at;
    private boolean valid = true;

    IsoScanner(String text) {
      this.text = text;
    }

    long micros() {
      int year = digits(4);
      expect('-');
      int month = digits(2);
      expect('-');
      int day = digits(2);
      if (!valid) {
        return NONE;
      }
      long second = LocalDate.of(year, month, day).toEpochDay() * 86_400;
      long fraction = 0;
      if (at < text.length()) {
        valid = "Tt ".indexOf(text.charAt(at++)) >= 0;
        second += digits(2) * 3600L;
        expect(':');
        second += digits(2) * 60L;
        if (has(':')) {
          second += digits(2);
          fraction = has('.') || has(',') ? fraction() : 0;
        }
        second -= offsetSeconds();
      }
      return valid && at == text.length() ? second * MICROS_PER_SECOND + fraction : NONE;
    }

    private int digits(int count) {
      int value = 0;
      for (int i = 0; i < count; i++, at++) {
        int digit = at < text.length() ? text.charAt(at) - '0' : -1;
        if (digit < 0 || digit > 9) {
          valid = false;
          return 0;
        }
        value = value * 10 + digit;
      }
      return value;
    }

    private long fraction() {
      long micros = 0;
      int seen = 0;
      while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
        if (seen++ < 6) {
          micros = micros * 10 + (text.charAt(at) - '0');
        }
        at++;
      }
      valid &= seen > 0;
      for (int i = seen; i < 6; i++) {
        micros *= 10;
      }
      return micros;
    }

    private long offsetSeconds() {
      if (at == text.length() || has('Z') || has('z')) {
        return 0;
      }
      int sign = has('+') ? 1 : has('-') ? -1 : 0;
      valid &= sign != 0;
      int hours = digits(2);
      int minutes = 0;
      if (at < text.length()) {
        has(':');
        minutes = digits(2);
      }
      return sign * (hours * 3600L + minutes * 60L);
    }

    private boolean has(char c) {
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private void expect(char c) {
      valid &= has(c);
    }
  }
}
