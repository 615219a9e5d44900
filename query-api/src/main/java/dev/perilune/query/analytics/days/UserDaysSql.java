package dev.perilune.query.analytics.days;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.perilune.query.analytics.days.DayCache.Day;
import dev.perilune.query.analytics.time.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What users did by UTC day, from memory where the day has not changed since it was read. A
 * question asks the database for the versions of its days and reads those that it has in another
 * version, all in its own snapshot, so what it gets is that snapshot's state and no other.
 *
 * <p>Takes 60 MB at most, 32 bytes for a user and day. Windows that do not fit are refused, and the
 * caller has to ask the database.
 */
public final class UserDaysSql {

  static final long MOST_BYTES = 48L << 20;
  private static final int HOURS_SHARE = 4;
  private static final int MOST_DAYS = 400;
  private static final int HOURS_A_DAY = 24;

  /** Rows that are read at a time, and a day may have. */
  private static final int MOST_ROWS = 250_000;

  /** How long a window that did not fit is not tried again. */
  private static final Duration REFUSED = Duration.ofMinutes(10);

  private static final int MOST_REFUSED = 10_000;

  private static final String VERSIONS =
      """
      SELECT day, sum(version)::bigint AS version
        FROM rollup_user_version
       WHERE project_id = $1 AND day >= $2 AND day < $3
       GROUP BY day
      """;

  private static final String DAY =
      """
      SELECT 0 AS part, user_id, runs, cost, hours, costed_hours
        FROM rollup_user
       WHERE project_id = $1 AND day = $2 AND (runs <> 0 OR cost <> 0)
      """;

  private static final String HOURS =
      """
      SELECT extract(hour FROM r.hour AT TIME ZONE 'UTC')::integer AS part, r.user_id,
             count(*) AS runs, sum(r.cost) AS cost, 0::numeric AS hours, 0::numeric AS costed_hours
        FROM run_figures r
       WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
         AND r.user_id IS NOT NULL
       GROUP BY 1, 2
      """;

  // a value for each column, which costs a fraction of a value for each cell
  private static final String PACKED =
      """
      SELECT part, count(*)::integer AS size, string_agg(int8send(user_id), ''::bytea) AS users,
             string_agg(int8send(runs), ''::bytea) AS runs,
             string_agg(numeric_send(cost), ''::bytea) AS costs,
             string_agg(numeric_send(hours), ''::bytea) AS hours,
             string_agg(numeric_send(costed_hours), ''::bytea) AS costed_hours
        FROM (%s LIMIT %d) k
       GROUP BY part
      """;

  private final Vertx vertx;
  private final long mostBytes;
  private final DayCache<UserRows> days;
  private final DayCache<List<UserRows>> hours;
  private final Cache<UUID, Integer> refused =
      Caffeine.newBuilder().expireAfterWrite(REFUSED).maximumSize(MOST_REFUSED).build();

  public UserDaysSql(Vertx vertx) {
    this(vertx, MOST_BYTES);
  }

  /**
   * @param mostBytes what all days may take in memory; their hours may take a quarter more
   */
  UserDaysSql(Vertx vertx, long mostBytes) {
    this.vertx = vertx;
    this.mostBytes = mostBytes;
    this.days = new DayCache<>(mostBytes, UserRows::bytes);
    this.hours =
        new DayCache<>(
            mostBytes / HOURS_SHARE, hours -> hours.stream().mapToInt(UserRows::bytes).sum());
  }

  /** There is more than fits. */
  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuch() {
      super("More than fits in memory", null, false, false);
    }
  }

  /**
   * Each UTC day of the window, in order; a day that the window cuts is there as a whole.
   *
   * @param connection in a snapshot
   * @return empty if they are more than fit
   */
  public Future<Optional<List<UserRows>>> days(
      SqlConnection connection, UUID project, Window window) {
    List<Instant> midnights = midnights(window);
    Integer tooMany = refused.getIfPresent(project);
    if (midnights.size() > MOST_DAYS || tooMany != null && midnights.size() >= tooMany) {
      return Future.succeededFuture(Optional.empty());
    }
    if (midnights.isEmpty()) {
      return Future.succeededFuture(Optional.of(List.of()));
    }
    return versions(connection, project, midnights)
        .compose(versions -> days(connection, project, midnights, versions))
        .map(Optional::of)
        .recover(cause -> refuse(cause, project, midnights.size()));
  }

  /**
   * What users' runs count for in each of the 24 hours of a UTC day. Hours are counted from the
   * runs, which takes some time, so this is for days that do not change any more.
   *
   * @param connection in a snapshot that plans for values
   * @return empty if they are more than fit
   */
  public Future<Optional<List<UserRows>>> hours(
      SqlConnection connection, UUID project, Instant midnight) {
    if (refused.getIfPresent(project) != null) {
      return Future.succeededFuture(Optional.empty());
    }
    return versions(connection, project, List.of(midnight))
        .compose(
            versions ->
                hours.find(
                    new Day(project, midnight),
                    versions.getOrDefault(midnight, 0L),
                    () -> hoursOfRuns(connection, project, midnight)))
        .map(Optional::of)
        .recover(cause -> refuse(cause, project, 1));
  }

  private Future<List<UserRows>> hoursOfRuns(
      SqlConnection connection, UUID project, Instant midnight) {
    Tuple day = Tuple.of(project, time(midnight), time(midnight.plus(1, ChronoUnit.DAYS)));
    return read(connection, HOURS, day)
        .map(
            parts ->
                IntStream.range(0, HOURS_A_DAY)
                    .mapToObj(hour -> parts.getOrDefault(hour, UserRows.NONE))
                    .toList());
  }

  /**
   * What a statement reads, by its column {@code part}, an integer.
   *
   * @param source a query of part, user_id, runs, cost, hours and costed_hours
   * @return empty if it is more than fits
   */
  public Future<Optional<Map<Integer, UserRows>>> parts(
      SqlConnection connection, String source, Tuple values) {
    return read(connection, source, values).map(Optional::of).recover(UserDaysSql::none);
  }

  private Future<List<UserRows>> days(
      SqlConnection connection,
      UUID project,
      List<Instant> midnights,
      Map<Instant, Long> versions) {
    Future<List<UserRows>> all = Future.succeededFuture(new ArrayList<>(midnights.size()));
    for (Instant midnight : midnights) {
      // one after the other, so that not all of them are under way at once
      all =
          all.compose(
              days ->
                  this.days
                      .find(
                          new Day(project, midnight),
                          versions.getOrDefault(midnight, 0L),
                          () -> day(connection, project, midnight))
                      .map(
                          day -> {
                            days.add(day);
                            return days;
                          }));
    }
    return all.map(
        days -> {
          if (days.stream().mapToLong(UserRows::bytes).sum() > mostBytes) {
            throw new TooMuch();
          }
          return days;
        });
  }

  private Future<UserRows> day(SqlConnection connection, UUID project, Instant midnight) {
    return read(connection, DAY, Tuple.of(project, time(midnight)))
        .map(parts -> parts.getOrDefault(0, UserRows.NONE));
  }

  private Future<Map<Integer, UserRows>> read(
      SqlConnection connection, String source, Tuple values) {
    return connection
        .preparedQuery(PACKED.formatted(source, MOST_ROWS))
        .execute(values)
        .compose(
            rows -> {
              Map<Integer, UserRows.Packed> packed = new HashMap<>();
              rows.forEach(row -> packed.put(row.getInteger("part"), packed(row)));
              return vertx.executeBlocking(() -> unpacked(packed), false);
            });
  }

  private static Map<Integer, UserRows> unpacked(Map<Integer, UserRows.Packed> packed) {
    if (packed.values().stream().mapToInt(UserRows.Packed::rows).sum() >= MOST_ROWS) {
      throw new TooMuch();
    }
    Map<Integer, UserRows> rows = new HashMap<>();
    packed.forEach((part, columns) -> rows.put(part, UserRows.of(columns)));
    return rows;
  }

  private static UserRows.Packed packed(Row row) {
    return new UserRows.Packed(
        row.getInteger("size"),
        row.getBuffer("users").getBytes(),
        row.getBuffer("runs").getBytes(),
        row.getBuffer("costs").getBytes(),
        row.getBuffer("hours").getBytes(),
        row.getBuffer("costed_hours").getBytes());
  }

  private static Future<Map<Instant, Long>> versions(
      SqlConnection connection, UUID project, List<Instant> midnights) {
    Instant last = midnights.get(midnights.size() - 1);
    return connection
        .preparedQuery(VERSIONS)
        .execute(Tuple.of(project, time(midnights.get(0)), time(last.plus(1, ChronoUnit.DAYS))))
        .map(
            rows -> {
              Map<Instant, Long> versions = new HashMap<>();
              rows.forEach(
                  row ->
                      versions.put(
                          row.getOffsetDateTime("day").toInstant(), row.getLong("version")));
              return versions;
            });
  }

  /** The beginnings of the window's days, or of more than are allowed. */
  private static List<Instant> midnights(Window window) {
    List<Instant> midnights = new ArrayList<>();
    Instant midnight = window.from().truncatedTo(ChronoUnit.DAYS);
    while (midnight.isBefore(window.to()) && midnights.size() <= MOST_DAYS) {
      midnights.add(midnight);
      midnight = midnight.plus(1, ChronoUnit.DAYS);
    }
    return midnights;
  }

  private <T> Future<Optional<T>> refuse(Throwable cause, UUID project, int days) {
    if (cause instanceof TooMuch) {
      refused.put(project, days);
    }
    return none(cause);
  }

  private static <T> Future<Optional<T>> none(Throwable cause) {
    return cause instanceof TooMuch
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(cause);
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
