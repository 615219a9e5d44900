package dev.perilune.benchmarks.generate;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Spreads the runs of a plan over its hours: busy by day, quiet by night and at weekends. */
final class Hours {
  private static final int WEEKEND_PERCENT = 40;

  private final long[] until;

  Hours(GeneratePlan plan) {
    double[] weights = new double[plan.hours()];
    double total = 0;
    for (int hour = 0; hour < weights.length; hour++) {
      weights[hour] = weight(plan.from().plus(Duration.ofHours(hour)).atZone(ZoneOffset.UTC));
      total += weights[hour];
    }
    until = new long[weights.length];
    double sum = 0;
    for (int hour = 0; hour < weights.length; hour++) {
      sum += weights[hour];
      until[hour] = Math.round((plan.runs() - plan.largestTrace()) * sum / total);
    }
    until[weights.length - 1] = plan.runs() - plan.largestTrace();
  }

  /** How many runs begin in that hour; those of the largest trace do not count. */
  int runs(int hour) {
    return (int) (until[hour] - (hour == 0 ? 0 : until[hour - 1]));
  }

  private static double weight(ZonedDateTime time) {
    double daylight = 1.2 - Math.cos((time.getHour() - 2) / 12.0 * Math.PI);
    boolean weekend =
        time.getDayOfWeek() == DayOfWeek.SATURDAY || time.getDayOfWeek() == DayOfWeek.SUNDAY;
    return weekend ? daylight * WEEKEND_PERCENT / 100 : daylight;
  }
}
