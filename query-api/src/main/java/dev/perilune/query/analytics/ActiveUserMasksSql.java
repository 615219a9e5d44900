package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.HourOfDays;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which users had runs when, in one pass over what is kept by user and day, or over the runs: a
 * user is one row with a bit for each bucket, which is a small fraction of a row for each user and
 * bucket. For questions that have at most {@link #MOST_BUCKETS} buckets.
 */
final class ActiveUserMasksSql {

  private static final int MOST_BUCKETS = 62;

  /**
   * Buckets that a day may have a part in: two by day in any zone, and what the window cuts off.
   */
  private static final int MOST_PARTS = 4;

  private static final String USERS =
      """
      days AS MATERIALIZED (
        SELECT day%s
          FROM unnest(%s::timestamptz[]%s) AS given (day%s)
      ), users AS MATERIALIZED (
        SELECT user_id, bit_or(seen) AS seen, bool_or(costed) AS costed
          FROM (SELECT r.user_id, %s AS seen, %s AS costed
                  FROM days d
                  JOIN rollup_user r ON r.day = d.day
                 WHERE r.project_id = $1 AND r.day > $2::timestamptz - interval '1 day'
                   AND r.day < $3 AND r.runs > 0%s) parts
         WHERE seen <> 0
         GROUP BY user_id
      )\
      """;

  // As in FiguresSql, deleted runs are told apart only where the other conditions hold. Workers sum
  // up by user before they hand over.
  private static final String USERS_OF_RUNS =
      """
      users AS MATERIALIZED (
        SELECT user_id, bit_or(seen) AS seen, FALSE AS costed
          FROM (SELECT r.external_user_id AS user_id,
                       CASE WHEN r.is_deleted THEN 0 ELSE 1::bigint << %s END AS seen
                %s AND r.external_user_id IS NOT NULL) parts
         GROUP BY user_id
        HAVING bit_or(seen) <> 0
      )\
      """;

  private static final String COSTS_OF_RUNS =
      """
      runs AS MATERIALIZED (
        SELECT %s AS bucket, CASE WHEN NOT r.is_deleted THEN r.external_user_id END AS user_id,
               r.cost
        %s AND r.external_user_id IS NOT NULL
      ), users AS MATERIALIZED (
        SELECT user_id, bit_or(1::bigint << bucket) AS seen, bool_or(cost IS NOT NULL) AS costed
          FROM runs
         WHERE user_id IS NOT NULL
         GROUP BY user_id
      )\
      """;

  private static final String COUNTED =
      """
      , counted AS MATERIALIZED (
        SELECT (n.place - 1)::integer AS bucket, n.users
          FROM (SELECT ARRAY[%s] AS counts FROM users) c
         CROSS JOIN LATERAL unnest(c.counts) WITH ORDINALITY AS n (users, place)
         WHERE n.users > 0
      ), everybody AS MATERIALIZED (
        SELECT count(*) AS users, count(*) FILTER (WHERE costed) AS costed FROM users
      )
      """;

  private static final String REST =
      """

                 UNION ALL
                SELECT r.user_id, 1::bigint << %s, r.costed > 0
                  FROM %s
                 WHERE r.created_at >= $2 AND r.created_at < $3 AND r.user_id IS NOT NULL\
      """;

  // what the numbers of a part stand for in hours and costed_hours, worked out once a day
  private static final String PART =
      """
      , mask%1$d, mask%1$d <> 0 AND from%1$d = 0 AND to%1$d = 24 AS whole%1$d,
      from%1$d = 0 AS first%1$d, to%1$d = 24 AS last%1$d, ('1e' || 8 * from%1$d)::numeric AS low%1$d,
      -8 * from%1$d AS below%1$d, -8 * to%1$d AS upto%1$d\
      """;

  // hours has eight decimal places for each hour: rounding away all places below hour a leaves
  // another number than rounding away those below hour b if there is a run from a to b
  private static final String HAS_PART =
      """
      CASE WHEN d.mask%1$d = 0 THEN FALSE
           WHEN d.whole%1$d THEN r.%2$s > 0
           WHEN d.last%1$d THEN r.%3$s >= d.low%1$d
           WHEN d.first%1$d THEN trunc(r.%3$s, d.upto%1$d) <> r.%3$s
           ELSE trunc(r.%3$s, d.below%1$d) <> trunc(r.%3$s, d.upto%1$d) END\
      """;

  private ActiveUserMasksSql() {}

  /**
   * Hours of a day that belong to one bucket; no hour and no bucket where there is no such part.
   */
  private record Part(int fromHour, int toHour, long mask) {
    static final Part NONE = new Part(0, 0, 0);
  }

  /** Whether the buckets can be asked for so, from what is kept. */
  static boolean serves(Buckets buckets) {
    return servesRuns(buckets)
        && days(buckets).stream().allMatch(parts -> parts.size() <= MOST_PARTS);
  }

  /** Whether the buckets can be asked for so, from the runs. */
  static boolean servesRuns(Buckets buckets) {
    return buckets.labels().size() <= MOST_BUCKETS;
  }

  /**
   * As {@link #with}, from the runs themselves, whatever the filter.
   *
   * @param askCost true: there is a query {@code runs (bucket, user_id, cost)} too, where deleted
   *     runs have no user, and {@code costed} is counted
   */
  static String withRuns(ScopeSql scope, Buckets buckets, boolean askCost) {
    String bucket = scope.bucketOf("r.created_at", buckets);
    String users = askCost ? COSTS_OF_RUNS : USERS_OF_RUNS;
    return users.formatted(bucket, scope.runsAndDeleted()) + counted(buckets);
  }

  /**
   * Queries {@code counted (bucket, users)}, how many users each bucket has, and {@code everybody
   * (users, costed)}, how many there are in the window and of how many a run has a cost.
   *
   * @param askCost false: nobody asks for the users with a cost, which are nearly as much work
   */
  static String with(ScopeSql scope, Buckets buckets, boolean askCost) {
    List<List<Part>> days = days(buckets);
    int most = Math.max(1, days.stream().mapToInt(List::size).max().orElse(0));
    Instant first = firstDay(buckets);
    String midnights =
        scope.argument(
            IntStream.range(0, days.size())
                .mapToObj(day -> ScopeSql.time(first.plus(day, ChronoUnit.DAYS)))
                .toArray(OffsetDateTime[]::new));
    return USERS.formatted(
            each(most, "", PART::formatted),
            midnights,
            each(most, "", i -> columns(scope, days, i)),
            each(most, "", ", mask%1$d, from%1$d, to%1$d"::formatted),
            each(most, " | ", ActiveUserMasksSql::seen),
            askCost
                ? each(most, " OR ", i -> HAS_PART.formatted(i, "costed", "costed_hours"))
                : "FALSE",
            rest(scope, buckets))
        + counted(buckets);
  }

  private static String counted(Buckets buckets) {
    return COUNTED.formatted(
        each(
            buckets.labels().size(),
            ", ",
            "count(*) FILTER (WHERE seen >> %d & 1 = 1)"::formatted));
  }

  private static String each(int parts, String between, IntFunction<String> piece) {
    return IntStream.range(0, parts).mapToObj(piece).collect(Collectors.joining(between));
  }

  private static String seen(int i) {
    return "CASE WHEN "
        + HAS_PART.formatted(i, "runs", "hours")
        + " THEN d.mask"
        + i
        + " ELSE 0 END";
  }

  private static String columns(ScopeSql scope, List<List<Part>> days, int i) {
    List<Part> parts = days.stream().map(day -> i < day.size() ? day.get(i) : Part.NONE).toList();
    return ", %s::bigint[], %s::integer[], %s::integer[]"
        .formatted(
            scope.argument(parts.stream().map(Part::mask).toArray(Long[]::new)),
            scope.argument(parts.stream().map(Part::fromHour).toArray(Integer[]::new)),
            scope.argument(parts.stream().map(Part::toHour).toArray(Integer[]::new)));
  }

  private static String rest(ScopeSql scope, Buckets buckets) {
    Grains grains = Grains.of(buckets);
    return grains.rest().isEmpty()
        ? ""
        : REST.formatted(
            scope.bucketOf("r.created_at", buckets), FiguresSql.runsOf(scope, grains.rest()));
  }

  private static Instant firstDay(Buckets buckets) {
    return buckets.window().from().truncatedTo(ChronoUnit.DAYS);
  }

  /** The parts of each UTC day from the window's first. */
  private static List<List<Part>> days(Buckets buckets) {
    Instant first = firstDay(buckets);
    long number = Math.max(0, Duration.between(first, buckets.window().to()).toDays()) + 1;
    List<List<Part>> days = new ArrayList<>();
    for (long i = 0; i < number; i++) {
      days.add(new ArrayList<>());
    }
    for (HourOfDays hours : HourOfDays.of(buckets)) {
      Part part = new Part(hours.fromHour(), hours.toHour(), 1L << hours.bucket());
      for (Instant day = hours.days().from();
          day.isBefore(hours.days().to());
          day = day.plus(1, ChronoUnit.DAYS)) {
        days.get((int) Duration.between(first, day).toDays()).add(part);
      }
    }
    return days;
  }
}
