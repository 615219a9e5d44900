package dev.perilune.query.analytics;

import dev.perilune.query.analytics.days.ActiveUsers;
import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.filter.FilterQuery;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What users cost on average, where memory knows how many there were. */
final class AverageCostSql {

  private static final String SPENT =
      "SELECT %s AS bucket, coalesce(sum(f.user_cost), 0) AS cost FROM %s GROUP BY 1";

  // divided as where the database counts users itself, to the last digit
  private static final String AVERAGE =
      """
      SELECT c.bucket, 'Cost' AS name, s.cost::numeric / c.users AS value
        FROM unnest($1::integer[], $2::bigint[]) AS c (bucket, users)
        JOIN unnest($3::integer[], $4::text[]) AS s (bucket, cost) ON s.bucket = c.bucket
       UNION ALL
      SELECT NULL, NULL,
             coalesce(sum(cost::numeric) / nullif($5::bigint, 0), 0)
        FROM unnest($4::text[]) AS cost
      """;

  private final ActiveDaysSql days;

  AverageCostSql(ActiveDaysSql days) {
    this.days = days;
  }

  /** What users cost in each bucket, as a query of {@code bucket, cost}. */
  static String spent(ScopeSql scope, Buckets buckets) {
    return SPENT.formatted(
        scope.bucketOf("f.at", buckets), FiguresSql.kept(scope, Grains.of(buckets)));
  }

  /**
   * Rows of bucket, name and value; that of the window has no bucket.
   *
   * @param connection in a snapshot
   * @return empty if the window has more days or users than fit in memory
   */
  Future<Optional<List<Row>>> averages(SqlConnection connection, UUID project, Buckets buckets) {
    Future<Optional<ActiveUsers>> counted = days.count(connection, project, buckets);
    if (counted.succeeded() && counted.result().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    // the database sums up while users are counted
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), FilterQuery.NONE);
    Future<List<Row>> spent =
        ReadSql.rows(connection, spent(scope, buckets), scope.values(), row -> row);
    return counted.compose(
        users ->
            users.isEmpty()
                ? spent.map(Optional.empty())
                : spent
                    .compose(costs -> averages(connection, users.get(), costs))
                    .map(Optional::of));
  }

  private static Future<List<Row>> averages(
      SqlConnection connection, ActiveUsers users, List<Row> spent) {
    Tuple values =
        Tuple.tuple()
            .addArrayOfInteger(users.buckets().toArray(Integer[]::new))
            .addArrayOfLong(
                users.buckets().stream().map(users.byBucket()::get).toArray(Long[]::new))
            .addArrayOfInteger(
                spent.stream().map(row -> row.getInteger("bucket")).toArray(Integer[]::new))
            .addArrayOfString(
                spent.stream()
                    .map(row -> row.getBigDecimal("cost").toPlainString())
                    .toArray(String[]::new))
            .addLong(users.costed());
    return ReadSql.rows(connection, AVERAGE, values, row -> row);
  }
}
