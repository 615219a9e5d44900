package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A series and, for some questions, one figure for the whole window.
 *
 * @param approximate whether its values come from a histogram
 */
record Series(Buckets buckets, List<Point> points, @Nullable BigDecimal stat, boolean approximate) {

  Series {
    points = points.stream().sorted(Point.ORDER).toList();
  }

  static Series of(Buckets buckets, List<Point> points) {
    return new Series(buckets, points, null, false);
  }

  Series withStat(BigDecimal figure) {
    return new Series(buckets, points, figure, approximate);
  }

  /** The same with zeros of these names in every bucket that has no value at all. */
  Series filled(@Nullable String... names) {
    BitSet known = new BitSet(buckets.labels().size());
    points.forEach(point -> known.set(point.bucket()));
    List<Point> all = new ArrayList<>(points);
    int last = buckets.labels().size();
    for (int gap = known.nextClearBit(0); gap < last; gap = known.nextClearBit(gap + 1)) {
      for (String name : names) {
        all.add(new Point(gap, name, BigDecimal.ZERO));
      }
    }
    return new Series(buckets, all, stat, approximate);
  }

  /** The same without the values that are zero. */
  Series withoutZeros() {
    List<Point> some = points.stream().filter(point -> point.value().signum() != 0).toList();
    return new Series(buckets, some, stat, approximate);
  }
}
