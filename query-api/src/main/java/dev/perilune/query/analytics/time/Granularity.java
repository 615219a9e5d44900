package dev.perilune.query.analytics.time;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Optional;

/** How long a bucket is, on the clock and the calendar of a time zone. */
public enum Granularity {
  HOURLY(ChronoUnit.HOURS),
  DAILY(ChronoUnit.DAYS),
  WEEKLY(ChronoUnit.WEEKS),
  MONTHLY(ChronoUnit.MONTHS);

  private final ChronoUnit unit;

  Granularity(ChronoUnit unit) {
    this.unit = unit;
  }

  /** The granularity of that name, such as {@code daily}. */
  public static Optional<Granularity> named(String wireName) {
    return Arrays.stream(values()).filter(each -> each.wireName().equals(wireName)).findFirst();
  }

  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Where the bucket of a local time begins; weeks begin on Monday. */
  LocalDateTime floor(LocalDateTime time) {
    return switch (this) {
      case HOURLY -> time.truncatedTo(ChronoUnit.HOURS);
      case DAILY -> time.truncatedTo(ChronoUnit.DAYS);
      case WEEKLY ->
          time.truncatedTo(ChronoUnit.DAYS)
              .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTHLY -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    };
  }

  LocalDateTime next(LocalDateTime bucket) {
    return bucket.plus(1, unit);
  }
}
