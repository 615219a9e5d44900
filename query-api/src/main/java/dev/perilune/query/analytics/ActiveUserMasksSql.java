package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.HourOfDays;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which users had runs when, in one pass over what is kept by user and day: a user is one row with
 * a bit for each bucket, which is a small fraction of a row for each user and bucket. For questions
 * without filter that have at most {@link #MOST_BUCKETS} buckets.
 */
final class ActiveUserMasksSql {

  private static final int MOST_BUCKETS = 62;

  /**
   * Buckets that a day may have a part in: two by day in any zone, and what the window cuts off.
   */
  private static final int MOST_PARTS = 4;

  private static final String USERS =
      """
      users AS MATERIALIZED (
        SELECT user_id, bit_or(seen) AS seen, bool_or(costed) AS costed
          FROM (SELECT r.user_id, %s AS seen, %s AS costed
                  FROM (SELECT k.*, (extract(epoch FROM k.day - %s) / 86400)::integer + 1 AS number
                          FROM rollup_user k
                         WHERE k.project_id = $1 AND k.day > $2::timestamptz - interval '1 day'
                           AND k.day < $3 AND k.runs > 0) r%s) parts
         WHERE seen <> 0
         GROUP BY user_id
      ), counted AS MATERIALIZED (
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
                  JOIN run_figures r ON r.created_at >= g.begins AND r.created_at < g.ends
                 WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
                   AND r.user_id IS NOT NULL\
      """;

  // hours has eight decimal places for each hour: rounding away all places below hour a leaves
  // another number than rounding away those below hour b if there is a run from a to b
  private static final String IN_HOURS =
      "trunc(r.%1$s, (%2$s::integer[])[r.number]) <> trunc(r.%1$s, (%3$s::integer[])[r.number])";

  private ActiveUserMasksSql() {}

  /**
   * Hours of a day that belong to one bucket; no hour and no bucket where a day has no such part.
   */
  private record Part(int fromHour, int toHour, long mask) {

    static final Part NONE = new Part(0, 0, 0);

    boolean isDay() {
      return fromHour == 0 && toHour == 24;
    }
  }

  /** Whether the buckets can be asked for so. */
  static boolean serves(Buckets buckets) {
    return buckets.labels().size() <= MOST_BUCKETS
        && days(buckets).stream().allMatch(parts -> parts.size() <= MOST_PARTS);
  }

  /**
   * Queries {@code counted (bucket, users)}, how many users each bucket has, and {@code everybody
   * (users, costed)}, how many there are in the window and of how many a run has a cost.
   */
  static String with(ScopeSql scope, Buckets buckets) {
    List<List<Part>> days = days(buckets);
    int most = days.stream().mapToInt(List::size).max().orElse(0);
    List<String> seen = new ArrayList<>();
    List<String> costed = new ArrayList<>();
    for (int i = 0; i < Math.max(1, most); i++) {
      addPart(scope, days, i, seen, costed);
    }
    return USERS.formatted(
        String.join("\n | ", seen),
        String.join("\n OR ", costed),
        scope.argument(ScopeSql.time(firstDay(buckets))),
        rest(scope, buckets),
        IntStream.range(0, buckets.labels().size())
            .mapToObj(bucket -> "count(*) FILTER (WHERE seen & (1::bigint << " + bucket + ") <> 0)")
            .collect(Collectors.joining(", ")));
  }

  private static void addPart(
      ScopeSql scope, List<List<Part>> days, int i, List<String> seen, List<String> costed) {
    String masks = scope.argument(column(days, i, Part::mask).toArray(Long[]::new));
    String whole = scope.argument(column(days, i, Part::isDay).toArray(Boolean[]::new));
    String from = places(scope, column(days, i, Part::fromHour));
    String to = places(scope, column(days, i, Part::toHour));
    String mask = "(" + masks + "::bigint[])[r.number]";
    String isWhole = "(" + whole + "::boolean[])[r.number]";
    seen.add(
        "CASE WHEN %s OR %s THEN %s ELSE 0 END"
            .formatted(isWhole, IN_HOURS.formatted("hours", from, to), mask));
    costed.add(
        "(r.costed > 0 AND (%s OR %s))"
            .formatted(isWhole, IN_HOURS.formatted("costed_hours", from, to)));
  }

  private static String places(ScopeSql scope, List<Integer> hours) {
    return scope.argument(hours.stream().map(hour -> -8 * hour).toArray(Integer[]::new));
  }

  private static <T> List<T> column(List<List<Part>> days, int i, Function<Part, T> value) {
    return days.stream()
        .map(parts -> i < parts.size() ? parts.get(i) : Part.NONE)
        .map(value)
        .toList();
  }

  private static String rest(ScopeSql scope, Buckets buckets) {
    Grains grains = Grains.of(buckets);
    return grains.rest().isEmpty()
        ? ""
        : REST.formatted(
            scope.bucketOf("r.created_at", buckets), FiguresSql.stretches(scope, grains.rest()));
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
