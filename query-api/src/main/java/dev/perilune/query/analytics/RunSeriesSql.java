package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.UUID;

/** Sums over runs by time and name, read from the runs themselves. */
final class RunSeriesSql {

  private static final String BY_TAG =
      """
      SELECT %s AS bucket, tag AS name, count(*) AS value
        FROM run r
        LEFT JOIN LATERAL (SELECT DISTINCT t FROM unnest(r.tags) t) AS tagged (tag) ON TRUE
       WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
         AND NOT r.is_deleted AND %s
       GROUP BY 1, 2
      """;

  private final ReadSql read;

  RunSeriesSql(ReadSql read) {
    this.read = read;
  }

  /** The points of a series, without those of empty buckets. */
  Future<Series> series(UUID project, SeriesQuery query, Buckets buckets, RunSeries series) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.conditions());
    String sql =
        "SELECT "
            + scope.bucketOf("r.created_at", buckets)
            + " AS bucket, "
            + series.nameSql()
            + " AS name, "
            + series.valueSql()
            + " AS value\n"
            + scope.runs()
            + " AND "
            + series.conditionSql()
            + " GROUP BY 1, 2";
    return read.rows(sql, scope.values(), RunSeriesSql::point)
        .map(points -> Series.of(buckets, points));
  }

  /** Runs by tag; each counts once for each of its tags, and under no name if it has none. */
  Future<Series> byTag(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.conditions());
    String bucket = scope.bucketOf("r.created_at", buckets);
    return read.rows(BY_TAG.formatted(bucket, scope.filter()), scope.values(), RunSeriesSql::point)
        .map(points -> Series.of(buckets, points));
  }

  static Point point(Row row) {
    return new Point(row.getInteger("bucket"), row.getString("name"), row.getBigDecimal("value"));
  }
}
