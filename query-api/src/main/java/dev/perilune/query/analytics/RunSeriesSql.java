package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.UUID;

/** Sums over runs by time and name. */
final class RunSeriesSql {

  private static final String SUMS =
      """
      SELECT %s AS bucket, %s AS name, %s AS value
        FROM %s
       WHERE %s
       GROUP BY 1, 2
      HAVING sum(f.runs) <> 0
      """;

  private static final String BY_TAG_OF_RUNS =
      """
      SELECT %s AS bucket, tag AS name, count(*) AS value
        FROM run r
        LEFT JOIN LATERAL (SELECT DISTINCT left(t, 200) FROM unnest(r.tags) t) AS tagged (tag)
          ON TRUE
       WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
         AND NOT r.is_deleted AND %s
       GROUP BY 1, 2
      """;

  private static final String UNTAGGED =
      """
       UNION ALL
      SELECT %s, NULL, sum(f.runs) - sum(f.tagged)
        FROM %s
       GROUP BY 1
      HAVING sum(f.runs) <> sum(f.tagged)
      """;

  private final ReadSql read;

  RunSeriesSql(ReadSql read) {
    this.read = read;
  }

  /** The points of a series, without those of empty buckets. */
  Future<Series> series(UUID project, SeriesQuery query, Buckets buckets, RunSeries series) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    String figures =
        query.filter().asksTypeAndNameOnly()
            ? FiguresSql.kept(scope, Grains.of(buckets))
            : FiguresSql.ofRuns(scope, series.conditionSql("r"));
    String sql =
        SUMS.formatted(
            scope.bucketOf("f.at", buckets),
            series.nameSql(),
            series.valueSql(),
            figures,
            series.conditionSql("f"));
    return read.rows(sql, scope.values(), RunSeriesSql::point)
        .map(points -> Series.of(buckets, points));
  }

  /** Runs by tag; each counts once for each of its tags, and under no name if it has none. */
  Future<Series> byTag(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    String sql =
        query.filter().filters().isEmpty()
            ? keptByTag(scope, buckets)
            : BY_TAG_OF_RUNS.formatted(scope.bucketOf("r.created_at", buckets), scope.filter());
    return read.rows(sql, scope.values(), RunSeriesSql::point)
        .map(points -> Series.of(buckets, points));
  }

  private static String keptByTag(ScopeSql scope, Buckets buckets) {
    Grains grains = Grains.of(buckets);
    String bucket = scope.bucketOf("f.at", buckets);
    String labels = LabelsSql.kept(scope, grains, "tag");
    String figures = FiguresSql.kept(scope, grains);
    return SUMS.formatted(bucket, "f.label", "sum(f.runs)", labels, "TRUE")
        + UNTAGGED.formatted(bucket, figures);
  }

  static Point point(Row row) {
    return new Point(row.getInteger("bucket"), row.getString("name"), row.getBigDecimal("value"));
  }
}
