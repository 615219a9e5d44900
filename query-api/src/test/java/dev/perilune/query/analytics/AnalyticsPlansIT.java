package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Grains;
import dev.perilune.query.analytics.time.Granularity;
import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the database reads what charts are made of: by time, never every row for every stretch. */
class AnalyticsPlansIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final UUID PROJECT = UUID.fromString(QueryTester.PROJECT);
  private static final Pattern ALL_RUNS =
      Pattern.compile("Seq Scan on run_\\d+ \\w+ \\(actual rows=[1-9]");
  private static final String COMPARED = "Rows Removed by Join Filter";
  private static final String SHARED_WORK =
      "; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL parallel_setup_cost = 0";

  private static Vertx vertx;
  private static Database database;

  @BeforeAll
  static void start() throws Exception {
    try (QueryTester api = new QueryTester(POSTGRES.settings())) {
      api.execute(
          """
          INSERT INTO run (project_id, id, type, name, status, created_at, ended_at,
                           external_user_id)
          SELECT ?, gen_random_uuid(), (ARRAY['llm', 'tool', 'agent'])[1 + i % 3],
                 'name ' || i % 20, 'success', at, at + interval '1 second', i % 50
            FROM generate_series(1, 30000) AS i,
                 LATERAL (SELECT now() - i * interval '80 seconds' AS at) started
          """,
          QueryTester.PROJECT);
      api.execute(
          "SELECT rollup_add(1, project_id, array_agg(id)) FROM run"
              + " GROUP BY project_id, date_trunc('day', created_at)");
      api.execute("VACUUM ANALYZE");
    }
    vertx = Vertx.vertx();
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
  }

  @AfterAll
  static void stop() {
    database.close().await();
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "type=llm", "models=name%201"})
  void aHalfHourZoneReadsOnlyTheHoursThatItCuts(String filter) {
    Buckets buckets = days("Asia/Kolkata");
    ScopeSql scope = ScopeSql.ofProject(PROJECT, buckets.window(), FilterQuery.parse(filter));
    String figures = FiguresSql.kept(scope, Grains.of(buckets));
    assertReadsByTime("SELECT sum(f.runs) FROM " + figures, scope);
  }

  @Test
  void labelsOfAHalfHourZoneAreReadByTime() {
    Buckets buckets = days("Asia/Kolkata");
    ScopeSql scope = ScopeSql.ofProject(PROJECT, buckets.window(), FilterQuery.NONE);
    String labels = LabelsSql.kept(scope, Grains.of(buckets), "tag");
    assertReadsByTime("SELECT sum(f.runs) FROM " + labels, scope);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kolkata"})
  void activeUsersAreOneRowEach(String zone) {
    Buckets buckets = days(zone);
    ScopeSql scope = ScopeSql.ofProject(PROJECT, buckets.window(), FilterQuery.NONE);
    String counted = "WITH " + ActiveUserMasksSql.with(scope, buckets, false);
    String plan = plan(counted + "SELECT users FROM everybody", scope);
    assertFalse(ALL_RUNS.matcher(plan).find(), plan);
    Pattern grouped = Pattern.compile("Aggregate \\(actual rows=50\\b");
    assertEquals(1, grouped.matcher(plan).results().count(), plan);
  }

  /** As for a million runs, where several processes share the work. */
  @ParameterizedTest
  @ValueSource(strings = {"status=success", "date=gt.1970-01-01T00:00:00.000Z"})
  void workersSumUpWhatTheyFilter(String filter) {
    Buckets buckets = days("UTC");
    ScopeSql scope = ScopeSql.ofProject(PROJECT, buckets.window(), FilterQuery.parse(filter));
    String sums =
        "SELECT %s, f.name, sum(f.cost) FROM %s GROUP BY 1, 2"
            .formatted(scope.bucketOf("f.at", buckets), FiguresSql.ofRuns(scope, "TRUE"));
    String plan = plan(sums, scope, SHARED_WORK);
    assertTrue(plan.contains("Partial HashAggregate"), plan);
  }

  @Test
  void workersSumUpUsersWhoseRunsTheyFilter() {
    Buckets buckets = days("UTC");
    FilterQuery filter = FilterQuery.parse("status=success");
    ScopeSql scope = ScopeSql.ofProject(PROJECT, buckets.window(), filter);
    String counted = "WITH " + ActiveUserMasksSql.withRuns(scope, buckets, false);
    String plan = plan(counted + "SELECT users FROM everybody", scope, SHARED_WORK);
    assertTrue(plan.contains("Partial HashAggregate"), plan);
    Pattern grouped = Pattern.compile("Finalize \\w*Aggregate \\(actual rows=50\\b");
    assertTrue(grouped.matcher(plan).find(), plan);
  }

  @Test
  void runsOfOneTypeAreReadByTypeWhateverTheFilter() {
    Buckets buckets = days("UTC");
    FilterQuery filter = FilterQuery.parse("status=success");
    ScopeSql scope = ScopeSql.ofProject(PROJECT, buckets.window(), filter);
    String figures = FiguresSql.ofRuns(scope, RunSeries.THREADS.conditionSql("r"));
    String plan = plan("SELECT sum(f.runs) FROM " + figures, scope);
    assertTrue(plan.contains("_project_id_type_created_at_"), plan);
    assertFalse(plan.contains("Seq Scan on run_2"), plan);
  }

  private static void assertReadsByTime(String sql, ScopeSql scope) {
    String plan = plan(sql, scope);
    assertFalse(ALL_RUNS.matcher(plan).find(), plan);
    assertFalse(plan.contains(COMPARED), plan);
  }

  private static Buckets days(String zone) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    Window window = new Window(now.minus(Duration.ofDays(20)), now);
    return Buckets.of(window, ZoneId.of(zone), Granularity.DAILY, now);
  }

  /** The plan for these values, as every question of a chart gets one. */
  private static String plan(String sql, ScopeSql scope) {
    return plan(sql, scope, "");
  }

  private static String plan(String sql, ScopeSql scope, String settings) {
    String explain = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) " + sql;
    StringBuilder plan = new StringBuilder();
    database
        .inSnapshot(
            Duration.ofSeconds(10),
            connection ->
                connection
                    .query(ReadSql.RULES + settings)
                    .execute()
                    .compose(set -> connection.preparedQuery(explain).execute(scope.values())))
        .await()
        .forEach(row -> plan.append(row.getString(0)).append('\n'));
    return plan.toString();
  }
}
