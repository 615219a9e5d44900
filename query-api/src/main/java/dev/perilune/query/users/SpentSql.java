package dev.perilune.query.users;

import dev.perilune.query.analytics.days.UserDaysSql;
import dev.perilune.query.analytics.days.UserRows;
import dev.perilune.query.analytics.days.UserSums;
import dev.perilune.query.analytics.days.UserSums.Part;
import dev.perilune.query.analytics.days.UserSums.Sum;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.NearDays;
import dev.perilune.query.analytics.time.NearDays.Correction;
import dev.perilune.query.analytics.time.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
  Future<Optional<List<Sum>>> sums(
      SqlConnection connection, UUID project, Window window, Instant now) {
    NearDays near = NearDays.of(window, now);
    Future<Optional<List<UserRows>>> whole = days.days(connection, project, near.days());
    if (whole.succeeded() && whole.result().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    List<Correction> cut = new ArrayList<>();
    // statements are sent at once
    List<Future<Optional<List<Part>>>> parts = new ArrayList<>();
    for (Correction each : near.corrections()) {
      Instant midnight = each.stretch().from().truncatedTo(ChronoUnit.DAYS);
      if (midnight.plus(1, ChronoUnit.DAYS).isAfter(now)) {
        cut.add(each);
      } else {
        Grains grains = Grains.of(each.stretch());
        grains.rest().forEach(rest -> cut.add(new Correction(each.sign(), rest)));
        parts.add(hours(connection, project, midnight, each.sign(), grains.wholeHours()));
      }
    }
    parts.add(runs(connection, project, cut));
    parts.add(whole.map(known -> known.map(SpentSql::parts)));
    return Future.all(parts).compose(all -> sums(parts.stream().map(Future::result).toList()));
  }

  private Future<Optional<List<Sum>>> sums(List<Optional<List<Part>>> parts) {
    if (parts.stream().anyMatch(Optional::isEmpty)) {
      return Future.succeededFuture(Optional.empty());
    }
    List<Part> all = parts.stream().flatMap(part -> part.get().stream()).toList();
    return vertx.executeBlocking(() -> Optional.of(UserSums.of(all)), false);
  }

  private Future<Optional<List<Part>>> hours(
      SqlConnection connection, UUID project, Instant midnight, int sign, List<Window> stretches) {
    return days.hours(connection, project, midnight)
        .map(
            known ->
                known.map(
                    hours ->
                        stretches.stream()
                            .flatMap(stretch -> hours(hours, midnight, stretch).stream())
                            .map(rows -> new Part(sign, rows))
                            .toList()));
  }

  private static List<UserRows> hours(List<UserRows> hours, Instant midnight, Window stretch) {
    return hours.subList(
        (int) ChronoUnit.HOURS.between(midnight, stretch.from()),
        (int) ChronoUnit.HOURS.between(midnight, stretch.to()));
  }

  private Future<Optional<List<Part>>> runs(
      SqlConnection connection, UUID project, List<Correction> cut) {
    if (cut.isEmpty()) {
      return Future.succeededFuture(Optional.of(List.of()));
    }
    Tuple values = Tuple.of(project);
    return days.parts(connection, String.join(AND, corrected(values, cut)), values)
        .map(known -> known.map(rows -> parts(rows.values())));
  }

  private static List<Part> parts(Collection<UserRows> rows) {
    return rows.stream().map(each -> new Part(1, each)).toList();
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
    corrected(values, near.corrections()).forEach(each -> corrected.append(AND).append(each));
    return KEPT.formatted(from, to, corrected);
  }

  private static List<String> corrected(Tuple values, List<Correction> cut) {
    List<String> corrected = new ArrayList<>();
    for (Correction each : cut) {
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
