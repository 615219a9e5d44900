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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Percentiles of how long runs took, in seconds; runs that have not ended are left out. Long
 * windows are answered from histograms, at most 1 % off; short ones, and those with a filter that
 * the histograms do not know, from the runs.
 */
final class LatencySql {

  /** What the five values of a bucket are called, in their order. */
  static final List<String> NAMES = List.of("p50", "p75", "p90", "p95", "p99");

  private static final Duration EXACT_UP_TO = Duration.ofDays(7);
  private static final List<BigDecimal> SHARES =
      Stream.of("0.5", "0.75", "0.9", "0.95", "0.99").map(BigDecimal::new).toList();

  private static final String EXACT =
      """
      WITH took AS MATERIALIZED (
        SELECT %s AS bucket,
               (extract(epoch FROM r.ended_at - r.created_at) * 1000000)::bigint AS micros,
               %s AS counts
      %s AND r.ended_at IS NOT NULL)
      SELECT bucket, percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY micros) AS micros,
             NULL AS mean
        FROM took
       GROUP BY bucket
       UNION ALL
      SELECT NULL, NULL, avg(micros) FILTER (WHERE counts) FROM took
      """;

  // The row without bucket tells what the buckets of the histograms stand for. OFFSET 0 as in
  // FiguresSql.
  private static final String KEPT =
      """
      SELECT bucket, trunc(sum(histogram))::text AS histogram, NULL::integer[] AS taken,
             NULL::bigint[] AS counts, NULL::numeric AS mean, NULL::bigint[] AS middles
        FROM (SELECT %s AS bucket, r.histogram
                FROM %s
               CROSS JOIN LATERAL (SELECT *
                                     FROM rollup_latency k
                                    WHERE k.project_id = $1 AND k.per = g.per
                                      AND k.at >= g.begins AND k.at < g.ends
                                   OFFSET 0) r
               WHERE r.at >= $2 AND r.at < $3 AND %s) h
       GROUP BY 1
      HAVING sum(histogram) <> 0
       UNION ALL
      SELECT NULL, NULL, NULL, NULL,
             (SELECT sum(f.micros) / nullif(sum(f.ended), 0) FROM %s WHERE %s),
             (SELECT array_agg(middle_micros ORDER BY bucket) FROM latency_bucket)
      """;

  // As lists of counts: a histogram with a single run is a number of thousands of digits, and there
  // would be one for each bucket and latency.
  private static final String REST =
      """
       UNION ALL
      SELECT bucket, NULL, array_agg(taken), array_agg(runs), NULL, NULL
        FROM (SELECT %s AS bucket, latency_bucket_of(r.micros) AS taken, count(*) AS runs
                FROM %s
               WHERE r.created_at >= $2 AND r.created_at < $3 AND r.micros IS NOT NULL AND %s
               GROUP BY 1, 2) rest
       GROUP BY 1
      """;

  private final ReadSql read;

  LatencySql(ReadSql read) {
    this.read = read;
  }

  /** Five values for each bucket that has any, and the mean of the window. */
  Future<Series> percentiles(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    if (isKept(query, buckets)) {
      return read.rows(kept(scope, query, buckets), scope.values(), Kept::of)
          .map(rows -> fromHistograms(buckets, rows));
    }
    return read.rows(exact(scope, query, buckets), scope.values(), Exact::of)
        .map(rows -> fromRuns(buckets, rows));
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
    return EXACT.formatted(
        bucket,
        countsForMean("r", query),
        scope.runs(),
        scope.argument(SHARES.stream().map(BigDecimal::doubleValue).toArray(Double[]::new)));
  }

  private static String kept(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    Grains grains = Grains.of(buckets);
    String kept =
        KEPT.formatted(
            scope.bucketOf("r.at", buckets),
            FiguresSql.daysAndHours(scope, grains),
            scope.filter(),
            FiguresSql.kept(scope, grains),
            countsForMean("f", query));
    return grains.rest().isEmpty()
        ? kept
        : kept
            + REST.formatted(
                scope.bucketOf("r.created_at", buckets),
                FiguresSql.runsOf(scope, grains.rest()),
                scope.filter());
  }

  /** Whoever names no type means the models' calls. */
  private static String countsForMean(String table, SeriesQuery query) {
    return query.filter().asksFor(FilterId.TYPE) ? "TRUE" : table + ".type = 'llm'";
  }

  private static Series fromRuns(Buckets buckets, List<Exact> rows) {
    List<Point> points = new ArrayList<>();
    BigDecimal mean = BigDecimal.ZERO;
    for (Exact row : rows) {
      if (row.bucket() == null) {
        mean = seconds(row.mean());
        continue;
      }
      for (int i = 0; i < NAMES.size(); i++) {
        BigDecimal micros = BigDecimal.valueOf(row.micros()[i]);
        points.add(new Point(row.bucket(), NAMES.get(i), seconds(micros)));
      }
    }
    return new Series(buckets, points, mean, false);
  }

  private static Series fromHistograms(Buckets buckets, List<Kept> rows) {
    Kept whole = rows.stream().filter(row -> row.bucket() == null).findFirst().orElseThrow();
    Map<Integer, Histogram> histograms = new HashMap<>();
    for (Kept row : rows) {
      if (row.bucket() != null) {
        row.addTo(
            histograms.computeIfAbsent(row.bucket(), bucket -> new Histogram(whole.middles())));
      }
    }
    List<Point> points = new ArrayList<>();
    histograms.forEach(
        (bucket, histogram) -> {
          for (int i = 0; i < NAMES.size(); i++) {
            BigDecimal micros = histogram.percentile(SHARES.get(i));
            points.add(new Point(bucket, NAMES.get(i), seconds(micros)));
          }
        });
    return new Series(buckets, points, seconds(whole.mean()), true);
  }

  // runs are stored to the microsecond; digits beyond it say nothing
  private static BigDecimal seconds(@Nullable BigDecimal micros) {
    return micros == null
        ? BigDecimal.ZERO
        : micros.movePointLeft(6).setScale(6, RoundingMode.HALF_UP);
  }

  /** Percentiles of a bucket; the row without bucket has the mean instead. */
  private record Exact(@Nullable Integer bucket, Double[] micros, @Nullable BigDecimal mean) {
    static Exact of(Row row) {
      return new Exact(
          row.getInteger("bucket"), row.getArrayOfDoubles("micros"), row.getBigDecimal("mean"));
    }
  }

  /**
   * Latencies of a bucket, as a histogram or as counts; the row without bucket has the mean and the
   * middles.
   */
  private record Kept(
      @Nullable Integer bucket,
      @Nullable String histogram,
      Integer @Nullable [] taken,
      Long @Nullable [] counts,
      @Nullable BigDecimal mean,
      Long[] middles) {
    static Kept of(Row row) {
      return new Kept(
          row.getInteger("bucket"),
          row.getString("histogram"),
          row.getArrayOfIntegers("taken"),
          row.getArrayOfLongs("counts"),
          row.getBigDecimal("mean"),
          row.getArrayOfLongs("middles"));
    }

    void addTo(Histogram sum) {
      if (histogram != null) {
        sum.add(histogram);
      } else if (taken != null && counts != null) {
        for (int i = 0; i < taken.length; i++) {
          sum.add(taken[i], counts[i]);
        }
      }
    }
  }
}
