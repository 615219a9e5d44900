package dev.perilune.query.users;

import dev.perilune.query.analytics.days.UserDaysSql;
import dev.perilune.query.analytics.days.UserRows;
import dev.perilune.query.analytics.days.UserSums;
import dev.perilune.query.analytics.time.NearDays;
import dev.perilune.query.analytics.time.NearDays.Correction;
import dev.perilune.query.analytics.time.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the runs of each user in a window count for: known by user and day, and read from the runs
 * where the window cuts a day.
 */
final class SpentSql {

  private static final String KEPT =
      """
      SELECT user_id AS id, sum(runs) AS runs, sum(cost) AS cost
        FROM (SELECT 0 AS part, k.user_id, k.runs, k.cost, 0::numeric, 0::numeric
                FROM rollup_user k
               WHERE k.project_id = $1 AND k.day >= %s AND k.day < %s%s) parts
       GROUP BY user_id
      HAVING sum(runs) > 0
      """;

  // as run_figures has it; a statement for each stretch, so that the planner leaves out other weeks
  private static final String CORRECTED =
      """
      SELECT 0 AS part, r.external_user_id AS user_id, %1$d::bigint AS runs,
             %1$d * coalesce(r.cost, 0) AS cost, 0::numeric AS hours, 0::numeric AS costed_hours
        FROM run r
       WHERE r.project_id = $1 AND r.created_at >= %2$s AND r.created_at < %3$s
         AND NOT r.is_deleted AND r.external_user_id IS NOT NULL
      """;

  private static final String AND = " UNION ALL\n";

  private final Vertx vertx;
  private final UserDaysSql days;

  SpentSql(Vertx vertx, UserDaysSql days) {
    this.vertx = vertx;
    this.days = days;
  }

  /**
   * The sums of all who have a run in the window, in no order.
   *
   * @param connection in a snapshot that plans for values
   * @param now what has not begun yet needs no reading
   * @return empty if more days or users belong to it than fit in memory
   */
  Future<Optional<List<UserSums.Sum>>> sums(
      SqlConnection connection, UUID project, Window window, Instant now) {
    NearDays near = NearDays.of(window, now);
    // both are sent at once
    Future<Optional<Map<Integer, UserRows>>> corrected = corrected(connection, project, near);
    return days.days(connection, project, near.days())
        .compose(known -> corrected.compose(cut -> sums(known, cut)));
  }

  private Future<Optional<List<UserSums.Sum>>> sums(
      Optional<List<UserRows>> known, Optional<Map<Integer, UserRows>> corrected) {
    if (known.isEmpty() || corrected.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    List<UserRows> parts = new ArrayList<>(known.get());
    parts.addAll(corrected.get().values());
    return vertx.executeBlocking(() -> Optional.of(UserSums.of(parts)), false);
  }

  private Future<Optional<Map<Integer, UserRows>>> corrected(
      SqlConnection connection, UUID project, NearDays near) {
    if (near.corrections().isEmpty()) {
      return Future.succeededFuture(Optional.of(Map.of()));
    }
    Tuple values = Tuple.of(project);
    return days.parts(connection, String.join(AND, corrected(values, near)), values);
  }

  /**
   * The same as a query of {@code id, runs, cost}; what it asks for is added to the values, of
   * which the first is the project.
   *
   * @param now what has not begun yet needs no reading
   */
  static String kept(Tuple values, Window window, Instant now) {
    NearDays near = NearDays.of(window, now);
    String from = time(values, near.days().from());
    String to = time(values, near.days().to());
    StringBuilder corrected = new StringBuilder();
    corrected(values, near).forEach(each -> corrected.append(AND).append(each));
    return KEPT.formatted(from, to, corrected);
  }

  private static List<String> corrected(Tuple values, NearDays near) {
    List<String> corrected = new ArrayList<>();
    for (Correction each : near.corrections()) {
      String begins = time(values, each.stretch().from());
      String ends = time(values, each.stretch().to());
      corrected.add(CORRECTED.formatted(each.sign(), begins, ends));
    }
    return corrected;
  }

  private static String time(Tuple values, Instant instant) {
    values.addOffsetDateTime(instant.atOffset(ZoneOffset.UTC));
    return "$" + values.size() + "::timestamptz";
  }
}
