package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.filter.FilterId;
import dev.perilune.query.filter.FilterQuery;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Percentiles of how long runs took, in seconds; runs that have not ended are left out. Long
 * windows are answered from histograms, at most 1 % off; short ones, and those with a filter that
 * the histograms do not know, from the runs.
 */
final class LatencySql {

  /** What the five values of a bucket are called, in their order. */
  static final List<String> NAMES = List.of("p50", "p75", "p90", "p95", "p99");

  private static final Duration EXACT_UP_TO = Duration.ofDays(7);
  private static final String SHARES = "ARRAY[0.5, 0.75, 0.9, 0.95, 0.99]";

  private static final String EXACT =
      """
      WITH took AS MATERIALIZED (
        SELECT %s AS bucket,
               (extract(epoch FROM r.ended_at - r.created_at) * 1000000)::bigint AS micros,
               %s AS counts
      %s AND r.ended_at IS NOT NULL)
      SELECT bucket, percentile_cont(%s) WITHIN GROUP (ORDER BY micros) AS micros, NULL AS mean
        FROM took
       GROUP BY bucket
       UNION ALL
      SELECT NULL, NULL, avg(micros) FILTER (WHERE counts) FROM took
      """;

  // a histogram's digits are taken apart once for all five values
  private static final String KEPT =
      """
      WITH summed AS MATERIALIZED (
        SELECT bucket, sum(histogram) AS histogram
          FROM (SELECT %s AS bucket, r.histogram
                  FROM %s
                  JOIN rollup_latency r
                    ON r.per = g.per AND r.at >= g.begins AND r.at < g.ends
                 WHERE r.project_id = $1 AND r.at >= $2 AND r.at < $3 AND %s%s) h
         GROUP BY 1
        HAVING sum(histogram) <> 0
      ), counted AS (
        SELECT s.bucket, b.middle_micros,
               sum(c.runs) OVER (PARTITION BY s.bucket ORDER BY c.bucket) AS upto,
               sum(c.runs) OVER (PARTITION BY s.bucket) AS total
          FROM summed s
         CROSS JOIN LATERAL latency_counts(s.histogram) c
          JOIN latency_bucket b ON b.bucket = c.bucket
      ), placed AS (
        SELECT counted.bucket, share, share * (total - 1) AS rank,
               min(middle_micros) FILTER (WHERE upto > floor(share * (total - 1))) AS low,
               min(middle_micros) FILTER (WHERE upto > ceil(share * (total - 1))) AS high
          FROM counted
         CROSS JOIN unnest(%s::numeric[]) AS share
         GROUP BY counted.bucket, share, total
      )
      SELECT bucket,
             array_agg((low + (rank - floor(rank)) * (high - low))::float8 ORDER BY share)
               AS micros,
             NULL AS mean
        FROM placed
       GROUP BY bucket
       UNION ALL
      SELECT NULL, NULL, sum(f.micros) / nullif(sum(f.ended), 0) FROM %s WHERE %s
      """;

  private static final String REST =
      """

                 UNION ALL
                SELECT %s, latency_one(latency_bucket_of(r.micros))
                  FROM %s
                  JOIN run_figures r ON r.created_at >= g.begins AND r.created_at < g.ends
                 WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
                   AND r.micros IS NOT NULL AND %s\
      """;

  private final ReadSql read;

  LatencySql(ReadSql read) {
    this.read = read;
  }

  /** Five values for each bucket that has any, and the mean of the window. */
  Future<Series> percentiles(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    boolean kept = isKept(query, buckets);
    String sql = kept ? kept(scope, query, buckets) : exact(scope, query, buckets);
    return read.rows(sql, scope.values(), Percentiles::of)
        .map(rows -> LatencySql.series(buckets, rows, kept));
  }

  /** Whether the answer is one of histograms. */
  static boolean isKept(SeriesQuery query, Buckets buckets) {
    Duration length = Duration.between(buckets.window().from(), buckets.window().to());
    FilterQuery filter = query.filter();
    boolean typeOnly = filter.without(FilterId.TYPE).filters().isEmpty();
    return length.compareTo(EXACT_UP_TO) > 0 && typeOnly && filter.asksTypeAndNameOnly();
  }

  private static String exact(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    String bucket = scope.bucketOf("r.created_at", buckets);
    return EXACT.formatted(bucket, countsForMean("r", query), scope.runs(), SHARES);
  }

  private static String kept(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    Grains grains = Grains.of(buckets);
    String rest =
        grains.rest().isEmpty()
            ? ""
            : REST.formatted(
                scope.bucketOf("r.created_at", buckets),
                FiguresSql.stretches(scope, grains.rest()),
                scope.filter());
    return KEPT.formatted(
        scope.bucketOf("r.at", buckets),
        FiguresSql.daysAndHours(scope, grains),
        scope.filter(),
        rest,
        SHARES,
        FiguresSql.kept(scope, grains),
        countsForMean("f", query));
  }

  /** Whoever names no type means the models' calls. */
  private static String countsForMean(String table, SeriesQuery query) {
    return query.filter().asksFor(FilterId.TYPE) ? "TRUE" : table + ".type = 'llm'";
  }

  private static Series series(Buckets buckets, List<Percentiles> rows, boolean approximate) {
    List<Point> points = new ArrayList<>();
    BigDecimal mean = BigDecimal.ZERO;
    for (Percentiles row : rows) {
      if (row.micros() != null) {
        for (int i = 0; i < NAMES.size(); i++) {
          BigDecimal micros = BigDecimal.valueOf(row.micros()[i]);
          points.add(new Point(row.bucket(), NAMES.get(i), seconds(micros)));
        }
      } else if (row.mean() != null) {
        mean = seconds(row.mean());
      }
    }
    return new Series(buckets, points, mean, approximate);
  }

  // runs are stored to the microsecond; digits beyond it say nothing
  private static BigDecimal seconds(BigDecimal micros) {
    return micros.movePointLeft(6).setScale(6, RoundingMode.HALF_UP);
  }

  private record Percentiles(Integer bucket, Double[] micros, BigDecimal mean) {
    static Percentiles of(Row row) {
      return new Percentiles(
          row.getInteger("bucket"), row.getArrayOfDoubles("micros"), row.getBigDecimal("mean"));
    }
  }
}
