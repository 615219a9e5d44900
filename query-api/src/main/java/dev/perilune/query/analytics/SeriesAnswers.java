package dev.perilune.query.analytics;

import dev.perilune.query.analytics.UserSeriesSql.Cell;
import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Granularity;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers with series: asks for the points and fills the gaps as the contract wants it. */
final class SeriesAnswers {

  private final RunSeriesSql runs;
  private final LatencySql latency;
  private final UserSeriesSql users;

  SeriesAnswers(ReadSql read, ActiveDaysSql days) {
    this.runs = new RunSeriesSql(read);
    this.latency = new LatencySql(read);
    this.users = new UserSeriesSql(read, days);
  }

  /** Sums over runs; every bucket has a value. */
  Future<Body> sums(UUID project, SeriesQuery query, Buckets buckets, RunSeries series) {
    Supplier<Future<Series>> points =
        series == RunSeries.RUN_TYPES && splitsByTag(query)
            ? () -> runs.byTag(project, query, buckets)
            : () -> runs.series(project, query, buckets, series);
    return unlessEmpty(buckets, null, points)
        .map(some -> meansNothing(series, query, some) ? some : some.filled(series.gapName()))
        .map(Body::of);
  }

  /** Percentiles of durations, five for each bucket. */
  Future<Body> latency(UUID project, SeriesQuery query, Buckets buckets) {
    return unlessEmpty(buckets, BigDecimal.ZERO, () -> latency.percentiles(project, query, buckets))
        .map(some -> Body.of(some.filled(LatencySql.NAMES.toArray(String[]::new))));
  }

  /** Users with a run in the bucket. */
  Future<Body> activeUsers(UUID project, SeriesQuery query, Buckets buckets) {
    return splitsByTwoProperties(query)
        ? pivot(buckets, () -> users.activeCells(project, query, buckets))
        : users(query, buckets, () -> users.active(project, query, buckets));
  }

  /** Users who were first seen in the bucket. */
  Future<Body> newUsers(UUID project, SeriesQuery query, Buckets buckets) {
    return splitsByTwoProperties(query)
        ? pivot(buckets, () -> users.freshCells(project, query, buckets))
        : users(query, buckets, () -> users.fresh(project, query, buckets));
  }

  /** What a user cost on average; buckets without cost have no value. */
  Future<Body> averageUserCost(UUID project, SeriesQuery query, Buckets buckets) {
    return unlessEmpty(buckets, BigDecimal.ZERO, () -> users.averageCost(project, query, buckets))
        .map(some -> Body.of(some.withoutZeros()));
  }

  private static Future<Body> users(
      SeriesQuery query, Buckets buckets, Supplier<Future<Series>> points) {
    String gapName = query.dimensions().isPresent() ? UserSeriesSql.UNKNOWN : "Count";
    return unlessEmpty(buckets, BigDecimal.ZERO, points).map(some -> Body.of(some.filled(gapName)));
  }

  private static Future<Series> unlessEmpty(
      Buckets buckets, @Nullable BigDecimal stat, Supplier<Future<Series>> points) {
    return buckets.isEmpty()
        ? Future.succeededFuture(new Series(buckets, List.of(), stat, false))
        : points.get();
  }

  // clients show "no data" for an empty array; in weeks they get zeros
  private static boolean meansNothing(RunSeries series, SeriesQuery query, Series points) {
    return series == RunSeries.RUNS
        && query.granularity() != Granularity.WEEKLY
        && points.points().isEmpty();
  }

  private static boolean splitsByTag(SeriesQuery query) {
    return query.firstDimension().filter("tags"::equalsIgnoreCase).isPresent();
  }

  private static boolean splitsByTwoProperties(SeriesQuery query) {
    return query.dimensions().filter(both -> !both.byDate()).isPresent();
  }

  private static Future<Body> pivot(Buckets buckets, Supplier<Future<List<Cell>>> cells) {
    return buckets.isEmpty()
        ? Future.succeededFuture(Body.exact(AnalyticsJson.rows(List.of(), BigDecimal.ZERO)))
        : cells.get().map(SeriesAnswers::pivoted);
  }

  /** One object for each value of the second property, with a count for each of the first. */
  private static Body pivoted(List<Cell> cells) {
    BigDecimal stat = BigDecimal.ZERO;
    Map<String, Map<String, @Nullable Object>> rows = new TreeMap<>();
    Map<String, TreeMap<String, BigDecimal>> counts = new TreeMap<>();
    for (Cell cell : cells) {
      if (cell.second() == null) {
        stat = cell.users();
      } else {
        TreeMap<String, BigDecimal> row =
            counts.computeIfAbsent(cell.second(), value -> new TreeMap<>());
        // nobody of that value is in the window unless another cell says so
        if (cell.first() != null) {
          row.put(cell.first(), cell.users());
        }
      }
    }
    counts.forEach((value, row) -> rows.put(value, pivotRow(value, row)));
    return Body.exact(AnalyticsJson.rows(List.copyOf(rows.values()), stat));
  }

  private static Map<String, @Nullable Object> pivotRow(
      String value, Map<String, BigDecimal> counts) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("value", value);
    // a first property that has the value "value" has no place in this shape
    counts.forEach(row::putIfAbsent);
    if (counts.isEmpty()) {
      row.put(UserSeriesSql.UNKNOWN, BigDecimal.ZERO);
    }
    return row;
  }
}
