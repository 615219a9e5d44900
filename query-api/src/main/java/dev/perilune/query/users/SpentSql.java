package dev.perilune.query.users;

import dev.perilune.query.analytics.time.NearDays;
import dev.perilune.query.analytics.time.NearDays.Correction;
import dev.perilune.query.analytics.time.Window;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * What the runs of each user in a window count for, as a query of {@code id, runs, cost}: read from
 * what is kept by user and day, and from the runs where the window cuts a day.
 */
final class SpentSql {

  private static final String KEPT =
      """
      SELECT user_id AS id, sum(runs) AS runs, sum(cost) AS cost
        FROM (SELECT k.user_id, k.runs, k.cost
                FROM rollup_user k
               WHERE k.project_id = $1 AND k.day >= %s AND k.day < %s%s) parts
       GROUP BY user_id
      HAVING sum(runs) > 0
      """;

  // as run_figures has it; a statement for each stretch, so that the planner leaves out other weeks
  private static final String CORRECTED =
      """

               UNION ALL
              SELECT r.external_user_id, %1$d::bigint, %1$d * coalesce(r.cost, 0)
                FROM run r
               WHERE r.project_id = $1 AND r.created_at >= %2$s AND r.created_at < %3$s
                 AND NOT r.is_deleted AND r.external_user_id IS NOT NULL\
      """;

  private SpentSql() {}

  /**
   * The query; what it asks for is added to the values, of which the first is the project.
   *
   * @param now what has not begun yet needs no reading
   */
  static String kept(Tuple values, Window window, Instant now) {
    NearDays near = NearDays.of(window, now);
    String from = time(values, near.days().from());
    String to = time(values, near.days().to());
    StringBuilder corrected = new StringBuilder();
    for (Correction each : near.corrections()) {
      String begins = time(values, each.stretch().from());
      String ends = time(values, each.stretch().to());
      corrected.append(CORRECTED.formatted(each.sign(), begins, ends));
    }
    return KEPT.formatted(from, to, corrected);
  }

  private static String time(Tuple values, Instant instant) {
    values.addOffsetDateTime(instant.atOffset(ZoneOffset.UTC));
    return "$" + values.size() + "::timestamptz";
  }
}
