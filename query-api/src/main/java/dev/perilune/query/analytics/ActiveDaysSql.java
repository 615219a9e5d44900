package dev.perilune.query.analytics;

import dev.perilune.query.analytics.days.ActiveUsers;
import dev.perilune.query.analytics.days.UserDaysSql;
import dev.perilune.query.analytics.days.UserRows;
import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.HourOfDays;
import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts active users from the days that are in memory, and from the runs where the window or a
 * bucket cuts an hour.
 */
final class ActiveDaysSql {

  private static final String REST =
      """
      SELECT %s AS part, r.user_id, 1::bigint AS runs, 0::numeric AS cost, 1::numeric AS hours,
             r.costed::numeric AS costed_hours
        FROM %s
       WHERE r.created_at >= $2 AND r.created_at < $3 AND r.user_id IS NOT NULL
      """;

  private final Vertx vertx;
  private final UserDaysSql days;

  ActiveDaysSql(Vertx vertx, UserDaysSql days) {
    this.vertx = vertx;
    this.days = days;
  }

  /**
   * Counts the users of all runs.
   *
   * @param connection in a snapshot
   * @return empty if the window has more days or users than fit in memory
   */
  Future<Optional<ActiveUsers>> count(SqlConnection connection, UUID project, Buckets buckets) {
    Future<Optional<List<UserRows>>> whole = days.days(connection, project, buckets.window());
    if (whole.succeeded() && whole.result().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    // sent at once, without waiting for the days
    Future<Optional<Map<Integer, UserRows>>> rest = rest(connection, project, buckets);
    return Future.all(whole, rest).compose(both -> count(buckets, whole.result(), rest.result()));
  }

  private Future<Optional<ActiveUsers>> count(
      Buckets buckets, Optional<List<UserRows>> whole, Optional<Map<Integer, UserRows>> rest) {
    return whole.isEmpty() || rest.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : vertx.executeBlocking(
            () ->
                Optional.of(
                    ActiveUsers.count(
                        buckets.labels().size(),
                        HourOfDays.of(buckets),
                        whole.get(),
                        buckets.window().from().truncatedTo(ChronoUnit.DAYS),
                        rest.get())),
            false);
  }

  private Future<Optional<Map<Integer, UserRows>>> rest(
      SqlConnection connection, UUID project, Buckets buckets) {
    List<Window> cut = Grains.of(buckets).rest();
    if (cut.isEmpty()) {
      return Future.succeededFuture(Optional.of(Map.of()));
    }
    ScopeSql scope = ScopeSql.ofProject(project, buckets.window(), FilterQuery.NONE);
    String part = scope.bucketOf("r.created_at", buckets);
    return days.parts(
        connection, REST.formatted(part, FiguresSql.runsOf(scope, cut)), scope.values());
  }
}
