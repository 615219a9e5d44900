package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.HourOfDays;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Which users had runs when, as a query of distinct {@code bucket, user_id, costed}; {@code costed}
 * says whether the cost of one of the runs is known. From the runs there is their {@code cost} too.
 */
final class ActiveUsersSql {

  private static final String OF_RUNS =
      """
      SELECT %s AS bucket, r.external_user_id AS user_id, bool_or(r.cost IS NOT NULL) AS costed,
             sum(r.cost) AS cost
      %s AND r.external_user_id IS NOT NULL
       GROUP BY 1, 2
      """;

  // rollup_user keeps the number of runs of each hour in eight decimal places of one number
  private static final String KEPT =
      """
      SELECT bucket, user_id, bool_or(costed) AS costed
        FROM (SELECT g.bucket, r.user_id,
                     CASE WHEN g.whole THEN r.costed > 0
                          ELSE mod(r.costed_hours, g.high) >= g.low END AS costed
                FROM (SELECT bucket, begins, ends, from_hour = 0 AND to_hour = 24 AS whole,
                             ('1e' || 8 * from_hour)::numeric AS low,
                             ('1e' || 8 * to_hour)::numeric AS high
                        FROM unnest(%s::integer[], %s::timestamptz[], %s::timestamptz[],
                                    %s::integer[], %s::integer[])
                             AS h (bucket, begins, ends, from_hour, to_hour)) g
                JOIN rollup_user r ON r.day >= g.begins AND r.day < g.ends
               WHERE r.project_id = $1 AND r.day > $2::timestamptz - interval '1 day'
                 AND r.day < $3
                 AND CASE WHEN g.whole THEN r.runs > 0
                          ELSE mod(r.hours, g.high) >= g.low END%s) seen
       GROUP BY 1, 2
      """;

  private static final String REST =
      """

               UNION ALL
              SELECT %s, r.user_id, r.costed > 0
                FROM %s
               WHERE r.created_at >= $2 AND r.created_at < $3 AND r.user_id IS NOT NULL\
      """;

  private ActiveUsersSql() {}

  /** From the runs themselves, whatever the filter. */
  static String ofRuns(ScopeSql scope, Buckets buckets) {
    return OF_RUNS.formatted(scope.bucketOf("r.created_at", buckets), scope.runs());
  }

  /** From what is kept by user and day, without any filter. */
  static String kept(ScopeSql scope, Buckets buckets) {
    List<HourOfDays> parts = HourOfDays.of(buckets);
    Grains grains = Grains.of(buckets);
    String rest =
        grains.rest().isEmpty()
            ? ""
            : REST.formatted(
                scope.bucketOf("r.created_at", buckets), FiguresSql.runsOf(scope, grains.rest()));
    return KEPT.formatted(
        numbers(scope, parts, HourOfDays::bucket),
        scope.argument(
            parts.stream()
                .map(part -> ScopeSql.time(part.days().from()))
                .toArray(OffsetDateTime[]::new)),
        scope.argument(
            parts.stream()
                .map(part -> ScopeSql.time(part.days().to()))
                .toArray(OffsetDateTime[]::new)),
        numbers(scope, parts, HourOfDays::fromHour),
        numbers(scope, parts, HourOfDays::toHour),
        rest);
  }

  private static String numbers(
      ScopeSql scope, List<HourOfDays> parts, ToIntFunction<HourOfDays> number) {
    return scope.argument(parts.stream().mapToInt(number).boxed().toArray(Integer[]::new));
  }
}
