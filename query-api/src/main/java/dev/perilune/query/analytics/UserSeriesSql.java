package dev.perilune.query.analytics;

import dev.perilune.query.analytics.SeriesQuery.Dimensions;
import dev.perilune.query.analytics.days.ActiveUsers;
import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.filter.FilterId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How many users there were, what they cost, and how their properties split them. */
final class UserSeriesSql {

  /** What a user without the property is counted under. */
  static final String UNKNOWN = "Unknown";

  /**
   * How many users have this value of the second property and that of the first.
   *
   * @param second null for all users of the window, whatever their properties
   * @param first null if nobody in the window has this second value
   */
  record Cell(@Nullable String second, @Nullable String first, BigDecimal users) {}

  private static final String SEEN = "WITH seen AS MATERIALIZED (\n%s)\n";

  private static final String FIRST_SEEN =
      """
      SELECT %s AS bucket, r.external_user_id AS user_id
        FROM (SELECT project_id, id AS external_user_id, created_at FROM external_user) r
       WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3 AND %s
      """;

  private static final String FIRST_SEEN_WITH_RUNS =
      """
      SELECT %s AS bucket, u.id AS user_id
        FROM external_user u
       WHERE u.project_id = $1 AND u.created_at >= $2 AND u.created_at < $3
         AND u.id IN (SELECT r.external_user_id %s)
      """;

  // two questions more where what was seen is a row for each user and bucket
  private static final String COUNTED_SEEN =
      """
      seen AS MATERIALIZED (
      %s), counted AS MATERIALIZED (
        SELECT bucket, count(*) AS users FROM seen GROUP BY bucket
      ), everybody AS MATERIALIZED (
        SELECT count(*) AS users, count(*) FILTER (WHERE costed) AS costed
          FROM (SELECT bool_or(%s) AS costed FROM seen GROUP BY user_id) one
      )
      """;

  private static final String COUNTED =
      """
      SELECT bucket, 'Count' AS name, users AS value FROM counted
       UNION ALL
      SELECT NULL, NULL, users FROM everybody
      """;

  private static final String BY_PROPERTY =
      """
      SELECT bucket, coalesce(u.props ->> %s, 'Unknown') AS name, count(*) AS value
        FROM seen
        LEFT JOIN external_user u ON u.project_id = $1 AND u.id = seen.user_id
       GROUP BY 1, 2
       UNION ALL
      SELECT NULL, NULL, count(*) FROM (SELECT FROM seen GROUP BY user_id) everybody
      """;

  // a value that only users outside of the window have is a row too, with nobody in it
  private static final String BY_TWO_PROPERTIES =
      """
      SELECT u.props ->> %1$s AS second,
             CASE WHEN s.user_id IS NOT NULL THEN coalesce(u.props ->> %2$s, 'Unknown') END
               AS first,
             count(s.user_id) AS users
        FROM external_user u
        LEFT JOIN (SELECT DISTINCT user_id FROM seen) s ON s.user_id = u.id
       WHERE u.project_id = $1 AND u.props ->> %1$s IS NOT NULL
       GROUP BY 1, 2
       UNION ALL
      SELECT NULL, NULL, count(*) FROM (SELECT FROM seen GROUP BY user_id) everybody
      """;

  private static final String SPENT_OF =
      "SELECT bucket, coalesce(sum(cost), 0) AS cost FROM %s WHERE user_id IS NOT NULL GROUP BY 1";

  private static final String AVERAGE_COST =
      """
      , spent AS MATERIALIZED (
        %s
      )
      SELECT counted.bucket, 'Cost' AS name, spent.cost / counted.users AS value
        FROM counted
        JOIN spent ON spent.bucket = counted.bucket
       UNION ALL
      SELECT NULL, NULL,
             coalesce((SELECT sum(cost) FROM spent) / nullif((SELECT costed FROM everybody), 0), 0)
      """;

  private final ReadSql read;
  private final ActiveDaysSql days;
  private final AverageCostSql averages;

  UserSeriesSql(ReadSql read, ActiveDaysSql days) {
    this.read = read;
    this.days = days;
    this.averages = new AverageCostSql(days);
  }

  /** Users with a run in the bucket. */
  Future<Series> active(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    return query.dimensions().isPresent()
        ? split(scope, active(scope, query, buckets), query, buckets)
        : read.inSnapshot(
            connection ->
                known(connection, project, query, buckets)
                    .compose(
                        known ->
                            known.isPresent()
                                ? Future.succeededFuture(series(known.get(), buckets))
                                : points(
                                    connection,
                                    "WITH " + counted(scope, query, buckets, false) + COUNTED,
                                    scope,
                                    buckets)));
  }

  /** Users who were first seen in the bucket. */
  Future<Series> fresh(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    String fresh = fresh(scope, query, buckets);
    return query.dimensions().isPresent()
        ? split(scope, fresh, query, buckets)
        : points("WITH " + COUNTED_SEEN.formatted(fresh, "FALSE") + COUNTED, scope, buckets);
  }

  /** Users with a run in the window, by two properties. */
  Future<List<Cell>> activeCells(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    return cells(scope, active(scope, query, buckets), query.dimensions().orElseThrow());
  }

  /** Users first seen in the window, by two properties. */
  Future<List<Cell>> freshCells(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    return cells(scope, fresh(scope, query, buckets), query.dimensions().orElseThrow());
  }

  /** What a user cost on average in the bucket, and the mean of what users cost in the window. */
  Future<Series> averageCost(UUID project, SeriesQuery query, Buckets buckets) {
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), query.filter());
    return read.inSnapshot(
        connection ->
            (isKept(query)
                    ? averages.averages(connection, project, buckets)
                    : Future.succeededFuture(Optional.<List<Row>>empty()))
                .compose(
                    known ->
                        known.isPresent()
                            ? Future.succeededFuture(series(known.get(), buckets))
                            : points(
                                connection, averageCost(scope, query, buckets), scope, buckets)));
  }

  private static String averageCost(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    String counted = counted(scope, query, buckets, true);
    return "WITH " + counted + AVERAGE_COST.formatted(spent(scope, query, buckets));
  }

  private static String spent(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    return isKept(query)
        ? AverageCostSql.spent(scope, buckets)
        : SPENT_OF.formatted(ActiveUserMasksSql.servesRuns(buckets) ? "runs" : "seen");
  }

  /** How many users were active, if no filter is asked and the days fit in memory. */
  private Future<Optional<ActiveUsers>> known(
      SqlConnection connection, UUID project, SeriesQuery query, Buckets buckets) {
    return isKept(query)
        ? days.count(connection, project, buckets)
        : Future.succeededFuture(Optional.empty());
  }

  /** How many users were active, by bucket and in all. */
  private static String counted(
      ScopeSql scope, SeriesQuery query, Buckets buckets, boolean askCost) {
    if (isKept(query) && ActiveUserMasksSql.serves(buckets)) {
      return ActiveUserMasksSql.with(scope, buckets, askCost);
    }
    return !isKept(query) && ActiveUserMasksSql.servesRuns(buckets)
        ? ActiveUserMasksSql.withRuns(scope, buckets, askCost)
        : COUNTED_SEEN.formatted(active(scope, query, buckets), "costed");
  }

  private static boolean isKept(SeriesQuery query) {
    return query.filter().filters().isEmpty();
  }

  private static String active(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    return isKept(query)
        ? ActiveUsersSql.kept(scope, buckets)
        : ActiveUsersSql.ofRuns(scope, buckets);
  }

  private static String fresh(ScopeSql scope, SeriesQuery query, Buckets buckets) {
    return query.filter().without(FilterId.USERS, FilterId.USER_PROPS).filters().isEmpty()
        ? FIRST_SEEN.formatted(scope.bucketOf("r.created_at", buckets), scope.filter())
        : FIRST_SEEN_WITH_RUNS.formatted(scope.bucketOf("u.created_at", buckets), scope.runs());
  }

  private Future<Series> split(ScopeSql scope, String seen, SeriesQuery query, Buckets buckets) {
    String property = scope.argument(query.dimensions().orElseThrow().first());
    return points(SEEN.formatted(seen) + BY_PROPERTY.formatted(property), scope, buckets);
  }

  private Future<Series> points(String sql, ScopeSql scope, Buckets buckets) {
    return read.inSnapshot(connection -> points(connection, sql, scope, buckets));
  }

  private static Future<Series> points(
      SqlConnection connection, String sql, ScopeSql scope, Buckets buckets) {
    return ReadSql.rows(connection, sql, scope.values(), row -> row)
        .map(rows -> series(rows, buckets));
  }

  private static Series series(ActiveUsers users, Buckets buckets) {
    List<Point> points =
        users.buckets().stream()
            .map(
                bucket ->
                    new Point(bucket, "Count", BigDecimal.valueOf(users.byBucket().get(bucket))))
            .toList();
    return Series.of(buckets, points).withStat(BigDecimal.valueOf(users.inAll()));
  }

  private static Series series(List<Row> rows, Buckets buckets) {
    List<Point> points = new ArrayList<>();
    BigDecimal stat = BigDecimal.ZERO;
    for (Row row : rows) {
      if (row.getInteger("bucket") == null) {
        stat = row.getBigDecimal("value");
      } else {
        points.add(RunSeriesSql.point(row));
      }
    }
    return Series.of(buckets, points).withStat(stat);
  }

  private Future<List<Cell>> cells(ScopeSql scope, String seen, Dimensions both) {
    String second = scope.argument(both.second());
    String sql =
        SEEN.formatted(seen) + BY_TWO_PROPERTIES.formatted(second, scope.argument(both.first()));
    return read.rows(
        sql,
        scope.values(),
        row ->
            new Cell(row.getString("second"), row.getString("first"), row.getBigDecimal("users")));
  }
}
