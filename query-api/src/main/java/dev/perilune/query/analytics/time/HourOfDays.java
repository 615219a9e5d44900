package dev.perilune.query.analytics.time;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The same hours of some UTC days in a row, all in one bucket.
 *
 * @param bucket position of the bucket
 * @param days the days, from the first's midnight to the midnight after the last
 * @param fromHour first hour of each day, 0 to 23
 * @param toHour the hour after the last one, 1 to 24
 */
public record HourOfDays(int bucket, Window days, int fromHour, int toHour) {

  /** All whole UTC hours of the buckets. */
  public static List<HourOfDays> of(Buckets buckets) {
    List<HourOfDays> all = new ArrayList<>();
    for (int i = 0; i < buckets.edges().size(); i++) {
      Grains grains = Grains.of(buckets.stretch(i));
      for (Window days : grains.days()) {
        all.add(new HourOfDays(buckets.ordinals().get(i), days, 0, 24));
      }
      for (Window hours : grains.hours()) {
        addDays(buckets.ordinals().get(i), hours, all);
      }
    }
    return all;
  }

  private static void addDays(int bucket, Window hours, List<HourOfDays> all) {
    Instant at = hours.from();
    while (at.isBefore(hours.to())) {
      Instant day = at.truncatedTo(ChronoUnit.DAYS);
      Instant next = day.plus(1, ChronoUnit.DAYS);
      Instant end = next.isBefore(hours.to()) ? next : hours.to();
      all.add(new HourOfDays(bucket, new Window(day, next), hour(day, at), hour(day, end)));
      at = end;
    }
  }

  private static int hour(Instant day, Instant at) {
    return (int) Duration.between(day, at).toHours();
  }
}
