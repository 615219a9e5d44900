package dev.perilune.query.analytics.days;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.analytics.days.UserSums.Part;
import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDaysSqlIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final UUID PROJECT = UUID.fromString(QueryTester.PROJECT);
  private static final Instant FIRST = Instant.parse("2024-05-01T00:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private Database database;

  @BeforeEach
  void start() throws Exception {
    try (QueryTester api = new QueryTester(POSTGRES.settings())) {
      api.execute(
          """
          INSERT INTO rollup_user
          SELECT ?, '2024-05-01Z'::timestamptz + day * interval '1 day', id, 1, 1, 0, 0, 0.25,
                 1e8, 1e8
            FROM generate_series(0, 2) AS day, generate_series(1, 500) AS id
          """,
          QueryTester.PROJECT);
    }
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
  }

  @AfterEach
  void stop() {
    database.close().await();
    vertx.close().await();
  }

  /** What Postgres sends of a number is read digit by digit. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0089975, 3, 12345.6789, 0.00000000012, 1e9",
        "-0.5, 0.5, -12.000000000001, 0, 10000, 99999999",
        "0.0000000000000000000000012345, 1e17, 0.3333333333333333",
        "123456789012345678901234567890.123456789, -1e-30, 5",
        "9223372036854775807, 1, 9223372036854775807"
      })
  void sumsAreExact(String costs) {
    String source =
        """
        SELECT 0 AS part, n % 2 AS user_id, 1::bigint AS runs, cost, 0::numeric AS hours,
               0::numeric AS costed_hours
          FROM unnest(ARRAY[COSTS]::numeric[]) WITH ORDINALITY AS c (cost, n)
        """
            .replace("COSTS", costs);
    Map<Long, BigDecimal> expected =
        database
            .query("SELECT user_id, sum(cost) AS cost FROM (" + source + ") s GROUP BY 1", none())
            .await()
            .stream()
            .collect(
                Collectors.toMap(
                    row -> row.getLong("user_id"),
                    row -> row.getBigDecimal("cost").stripTrailingZeros()));
    UserRows rows =
        read(days -> connection -> days.parts(connection, source, none())).orElseThrow().get(0);
    assertEquals(expected, sums(List.of(new Part(1, rows))));
    Part away = new Part(-1, rows);
    sums(List.of(new Part(1, rows), away, new Part(1, rows)))
        .forEach((user, cost) -> assertEquals(0, expected.get(user).compareTo(cost)));
  }

  @Test
  void hoursAreReadFromTheirPlaces() {
    String source =
        """
        SELECT hour AS part, 1::bigint AS user_id, 1::bigint AS runs, 0::numeric AS cost,
               ('1e' || 8 * hour)::numeric * 99999999 AS hours,
               ('1e' || 8 * hour)::numeric AS costed_hours
          FROM generate_series(0, 23) AS hour
         UNION ALL
        SELECT 24, 1, 1, 0, sum(('1e' || 8 * hour)::numeric), 0 FROM generate_series(0, 23) AS hour
        """;
    Map<Integer, UserRows> parts =
        read(days -> connection -> days.parts(connection, source, none())).orElseThrow();
    for (int hour = 0; hour < 24; hour++) {
      for (int other = 0; other < 24; other++) {
        assertEquals(hour == other, parts.get(hour).wasActive(0, 1 << other));
        assertEquals(hour == other, parts.get(hour).wasCosted(0, 1 << other));
        assertTrue(parts.get(24).wasActive(0, 1 << other));
      }
    }
    assertFalse(parts.get(24).wasCosted(0, UserRows.ALL_DAY));
  }

  @Test
  void whatDoesNotFitIsLeftToTheDatabase() {
    Window three = new Window(FIRST, Instant.parse("2024-05-04T00:00:00Z"));
    assertEquals(3, of(UserDaysSql.MOST_BYTES, three).orElseThrow().size());
    assertTrue(of(10_000, three).isEmpty());
    assertTrue(
        of(UserDaysSql.MOST_BYTES, new Window(FIRST, Instant.parse("2026-01-01T00:00:00Z")))
            .isEmpty());
    assertTrue(of(UserDaysSql.MOST_BYTES, new Window(FIRST, FIRST)).orElseThrow().isEmpty());
  }

  private Optional<List<UserRows>> of(long mostBytes, Window window) {
    UserDaysSql days = new UserDaysSql(vertx, mostBytes);
    return database
        .inSnapshot(Duration.ofSeconds(10), connection -> days.days(connection, PROJECT, window))
        .await();
  }

  private <T> T read(Function<UserDaysSql, Function<SqlConnection, Future<T>>> question) {
    UserDaysSql days = new UserDaysSql(vertx);
    return database.inSnapshot(Duration.ofSeconds(10), question.apply(days)).await();
  }

  private static Map<Long, BigDecimal> sums(List<Part> parts) {
    return UserSums.of(parts).stream()
        .collect(Collectors.toMap(UserSums.Sum::user, sum -> sum.cost().stripTrailingZeros()));
  }

  private static Tuple none() {
    return Tuple.tuple();
  }
}
