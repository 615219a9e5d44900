package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.filter.FilterId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Percentiles of how long runs took, in seconds; runs that have not ended are left out. */
final class LatencySql {

  /** What the five values of a bucket are called, in their order. */
  static final List<String> NAMES = List.of("p50", "p75", "p90", "p95", "p99");

  // one pass for the percentiles, one more number for the mean, both over the same runs
  private static final String EXACT =
      """
      WITH took AS MATERIALIZED (
        SELECT %s AS bucket, extract(epoch FROM r.ended_at - r.created_at)::float8 AS seconds,
               %s AS counts
      %s AND r.ended_at IS NOT NULL)
      SELECT bucket,
             percentile_cont(ARRAY[0.5, 0.75, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY seconds)
               AS percentiles
        FROM took
       GROUP BY bucket
       UNION ALL
      SELECT NULL, ARRAY[coalesce(avg(seconds) FILTER (WHERE counts), 0)] FROM took
      """;

  private final ReadSql read;

  LatencySql(ReadSql read) {
    this.read = read;
  }

  /** Five values for each bucket that has any, and the mean of the window. */
  Future<Series> exact(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.conditions());
    String bucket = scope.bucketOf("r.created_at", buckets);
    String sql = EXACT.formatted(bucket, countsForMean(query), scope.runs());
    return read.rows(sql, scope.values(), Percentiles::of)
        .map(rows -> LatencySql.series(buckets, rows));
  }

  /** Whoever names no type means the models' calls. */
  static String countsForMean(SeriesQuery query) {
    return query.conditions().mention(FilterId.TYPE) ? "TRUE" : "r.type = 'llm'";
  }

  private static Series series(Buckets buckets, List<Percentiles> rows) {
    List<Point> points = new ArrayList<>();
    BigDecimal mean = BigDecimal.ZERO;
    for (Percentiles row : rows) {
      if (row.bucket() == null) {
        mean = rounded(row.seconds()[0]);
      } else {
        for (int i = 0; i < NAMES.size(); i++) {
          points.add(new Point(row.bucket(), NAMES.get(i), rounded(row.seconds()[i])));
        }
      }
    }
    return Series.of(buckets, points).withStat(mean);
  }

  // runs are stored to the microsecond; digits beyond it are noise of binary fractions
  static BigDecimal rounded(double seconds) {
    return BigDecimal.valueOf(seconds).setScale(6, RoundingMode.HALF_UP);
  }

  private record Percentiles(Integer bucket, Double[] seconds) {
    static Percentiles of(Row row) {
      return new Percentiles(row.getInteger("bucket"), row.getArrayOfDoubles("percentiles"));
    }
  }
}
