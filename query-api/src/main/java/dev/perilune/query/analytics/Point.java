package dev.perilune.query.analytics;

import java.math.BigDecimal;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One value of a series.
 *
 * @param bucket its bucket, counted from 0
 */
record Point(int bucket, @Nullable String name, BigDecimal value) {

  /** By time, then by name; what has no name comes last. */
  static final Comparator<Point> ORDER =
      Comparator.comparingInt(Point::bucket)
          .thenComparing(Point::name, Comparator.nullsLast(Comparator.naturalOrder()));
}
