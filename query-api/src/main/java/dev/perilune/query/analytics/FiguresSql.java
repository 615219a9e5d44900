package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.Window;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runs count for, as a table expression {@code f} with the columns of {@code rollup_run}: read
 * from the runs, where any filter holds, or from what is kept by hour and day. Sums over both are
 * the same; what sums to no run at all must be left out.
 */
final class FiguresSql {

  // What run_figures says of a run, kept in small types: most of a filtered question's time is
  // sums.
  // A deleted run counts nothing. It is not left out by a condition, which would take every row of
  // the window apart up to its last columns, where that of the matching rows is enough. Texts that
  // are short in bytes need no counting of characters.
  // The second half of the union has no row. Through a union the planner expects a few hundred
  // groups; else it expects one for each start of a run, and no worker would sum up before it
  // hands over.
  private static final String OF_RUNS =
      """
      (SELECT r.created_at AS at,
              CASE WHEN octet_length(r.type) > 200 THEN left(r.type, 200) ELSE r.type END AS type,
              CASE WHEN octet_length(r.name) > 200 THEN left(r.name, 200)
                   ELSE coalesce(r.name, '') END AS name,
              CASE WHEN r.is_deleted THEN 0 ELSE 1 END AS runs,
              CASE WHEN NOT r.is_deleted AND cardinality(r.tags) > 0 THEN 1 ELSE 0 END AS tagged,
              CASE WHEN NOT r.is_deleted AND r.status = 'error' THEN 1 ELSE 0 END AS errors,
              CASE WHEN r.is_deleted THEN 0 ELSE coalesce(r.prompt_tokens, 0) END AS prompt_tokens,
              CASE WHEN r.is_deleted THEN 0 ELSE coalesce(r.completion_tokens, 0) END
                AS completion_tokens,
              CASE WHEN NOT r.is_deleted THEN r.cost END AS cost,
              CASE WHEN NOT r.is_deleted AND r.feedback ->> 'thumb' = 'up' THEN 1 ELSE 0 END
                AS thumbs_up,
              CASE WHEN NOT r.is_deleted AND r.feedback ->> 'thumb' = 'down' THEN 1 ELSE 0 END
                AS thumbs_down
      %s
        UNION ALL
       SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        WHERE FALSE) f
      """;

  private static final String COLUMNS =
      "r.type, r.name, %s AS runs, r.tagged, r.errors, r.prompt_tokens, r.completion_tokens,"
          + " r.cost, r.thumbs_up, r.thumbs_down, %s AS user_cost, r.ended, r.micros";

  // OFFSET 0: one walk along the key for each stretch. Left to choose, the planner takes stretches
  // of unknown length for long ones and compares every row of the window with each of them.
  private static final String KEPT =
      """
      SELECT r.at, %s
        FROM %s
       CROSS JOIN LATERAL (SELECT *
                             FROM rollup_run k
                            WHERE k.project_id = $1 AND k.per = g.per AND k.at >= g.begins
                              AND k.at < g.ends
                           OFFSET 0) r
       WHERE r.at >= $2 AND r.at < $3 AND %s
      """;

  private static final String RUNS_OF =
      """
      %s
       CROSS JOIN LATERAL (SELECT *
                             FROM run_figures k
                            WHERE k.project_id = $1 AND k.created_at >= g.begins
                              AND k.created_at < g.ends
                           OFFSET 0) r\
      """;

  private static final String REST =
      """
       UNION ALL
      SELECT r.created_at, %s
        FROM %s
       WHERE r.created_at >= $2 AND r.created_at < $3 AND %s
      """;

  private FiguresSql() {}

  /** From the runs {@code r} that satisfy one more condition, deleted ones with nothing. */
  static String ofRuns(ScopeSql scope, String condition) {
    return OF_RUNS.formatted(scope.runsAndDeleted() + " AND " + condition);
  }

  /** From rollups, and from the runs where the window or a bucket cuts an hour. */
  static String kept(ScopeSql scope, Grains grains) {
    String kept =
        KEPT.formatted(
            COLUMNS.formatted("r.runs", "r.user_cost"),
            daysAndHours(scope, grains),
            scope.filter());
    String rest =
        grains.rest().isEmpty()
            ? ""
            : REST.formatted(
                COLUMNS.formatted("1", "CASE WHEN r.user_id IS NULL THEN 0 ELSE r.cost END"),
                runsOf(scope, grains.rest()),
                scope.filter());
    return "(" + kept + rest + ") f\n";
  }

  /** Stretches of time {@code g} with what is kept for them. */
  static String daysAndHours(ScopeSql scope, Grains grains) {
    List<Window> all = Stream.concat(grains.days().stream(), grains.hours().stream()).toList();
    String[] per =
        Stream.concat(
                grains.days().stream().map(day -> "day"),
                grains.hours().stream().map(hour -> "hour"))
            .toArray(String[]::new);
    return "unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS g (per, begins, ends)"
        .formatted(scope.argument(per), begins(scope, all), ends(scope, all));
  }

  /** What the runs {@code r} of stretches of time count for. */
  static String runsOf(ScopeSql scope, List<Window> windows) {
    return RUNS_OF.formatted(stretches(scope, windows));
  }

  /** Stretches of time {@code g}. */
  static String stretches(ScopeSql scope, List<Window> windows) {
    return "unnest(%s::timestamptz[], %s::timestamptz[]) AS g (begins, ends)"
        .formatted(begins(scope, windows), ends(scope, windows));
  }

  private static String begins(ScopeSql scope, List<Window> windows) {
    return scope.argument(
        windows.stream()
            .map(window -> ScopeSql.time(window.from()))
            .toArray(OffsetDateTime[]::new));
  }

  private static String ends(ScopeSql scope, List<Window> windows) {
    return scope.argument(
        windows.stream().map(window -> ScopeSql.time(window.to())).toArray(OffsetDateTime[]::new));
  }
}
