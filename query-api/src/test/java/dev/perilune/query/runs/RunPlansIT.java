package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.filter.FilterQuery;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the database finds the runs of a list. A plan that reads everything and sorts it is right on
 * small data and a catastrophe on large: it must not come back unseen.
 */
class RunPlansIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final UUID PROJECT = UUID.fromString(QueryTester.PROJECT);
  private static final Pattern SCAN_OF_ALL = Pattern.compile("Seq Scan on run_[a-z0-9]+ r");
  private static final Pattern OPENED = Pattern.compile("Index Scan .* r_\\d+ \\(actual");
  private static final Pattern SCAN_OF_WEEK = Pattern.compile("Scan .*on run_(payload_)?\\d+ ");
  private static final Pattern SORT = Pattern.compile("-> +(Incremental )?Sort ");

  private static Vertx vertx;
  private static Database database;

  @BeforeAll
  static void start() throws Exception {
    try (QueryTester api = new QueryTester(POSTGRES.settings())) {
      api.execute(
          """
          INSERT INTO run (project_id, id, type, name, status, created_at, tags, metadata)
          SELECT CASE WHEN i % 10 = 0 THEN ?::uuid ELSE ?::uuid END, gen_random_uuid(),
                 (ARRAY['llm', 'tool', 'agent'])[1 + i % 3], 'name ' || i % 20, 'success',
                 now() - i * interval '100 seconds', ARRAY['tag'], '{"key": 1}'
            FROM generate_series(1, 30000) AS i
          """,
          QueryTester.SIBLING, QueryTester.PROJECT);
      api.execute(
          "INSERT INTO run_payload (project_id, run_id, created_at, input)"
              + " SELECT project_id, id, created_at, '\"text\"' FROM run");
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
  @ValueSource(
      strings = {
        "type=llm",
        "type=trace",
        "status=success",
        "type=llm&status=success",
        "type=llm&models=name%20%31",
        "models=name%20%31&tags=tag",
        "metadata=key.1&cost=gt.1",
        "OR&type=llm&status=error",
        "users=1,somebody",
        "user-props=plan.pro",
        "templates=1",
        "feedback=%7B%22thumb%22:%22up%22%7D",
        "type=llm&search=text",
        "string=any.contains.false.text",
        "type=thread&messages=gt.1",
        "languages=input.en",
        "pii=false",
        "date=gt.2025-01-01&duration=gt.1",
        "tools=name",
      })
  void aPageWalksAnIndexInOrder(String filters) {
    RunMatchSql match = new RunMatchSql(PROJECT, FilterQuery.parse(filters), List.of());
    PageEnd end = new PageEnd("2026-01-01T00:00Z", PROJECT);
    for (RunOrder order : List.of(RunOrder.DEFAULT, RunOrder.DEFAULT.reversed())) {
      assertWalks(filters, plan(match, order, null, 0));
      assertWalks(filters, plan(match, order, null, 5000));
      assertWalks(filters, plan(match, order, end, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"users=1", "users=somebody"})
  void runsOfOneUserAreReadFromTheirIndex(String filters) {
    RunMatchSql match = new RunMatchSql(PROJECT, FilterQuery.parse(filters), List.of());
    String plan = plan(match, RunOrder.DEFAULT, null, 0);
    assertWalks(filters, plan);
    assertTrue(plan.contains("project_id_external_user_id_created_at_id_idx"), plan);
  }

  @Test
  void childrenAreFoundByTheirParent() {
    RunMatchSql match = new RunMatchSql(PROJECT, FilterQuery.NONE, List.of(PROJECT));
    String plan = plan(match, RunOrder.DEFAULT, null, 0);
    assertTrue(!SCAN_OF_ALL.matcher(plan).find(), plan);
  }

  @Test
  void stretchesThatAreNotNeededAreNotOpened() {
    RunMatchSql match = new RunMatchSql(PROJECT, FilterQuery.parse("type=llm"), List.of());
    String plan = analyze(match, RunOrder.DEFAULT);
    String found = plan.substring(plan.indexOf("Values Scan"));
    long opened = OPENED.matcher(found).results().count();
    // the newest week lies in at most two partitions
    assertTrue(opened <= 2, plan);
  }

  @Test
  void otherOrdersReadOneProjectAndKeepOnePage() {
    RunMatchSql match = new RunMatchSql(PROJECT, FilterQuery.parse("type=llm"), List.of());
    RunOrder byCost = RunOrder.of(Optional.of("cost"), Optional.of("desc"));
    String plan = analyze(match, byCost);
    assertTrue(plan.contains("top-N heapsort"), plan);
  }

  @Test
  void aRecentRunIsFoundInItsWeeksAndReadFromOne() {
    String id = "'" + PROJECT + "'";
    String found = executed(RunLookupSql.FIND_RECENT, id + ", " + id);
    // eight days back and one ahead lie in at most three weeks
    assertTrue(scans(found) <= 3, found);
    String row = executed(RunRowSql.ROW, id + ", " + id + ", now() - interval '20 days'");
    // its week of runs and that of payloads
    assertTrue(scans(row) <= 2, row);
  }

  private static long scans(String plan) {
    return SCAN_OF_WEEK.matcher(plan).results().count();
  }

  /** How the plan that is kept for all values runs with these; what it leaves out is not there. */
  private static String executed(String sql, String values) {
    return lines(
        RunOrder.DEFAULT,
        connection ->
            connection
                .query("PREPARE asked AS " + sql)
                .execute()
                .compose(
                    prepared ->
                        connection
                            .query("EXPLAIN (ANALYZE, COSTS OFF) EXECUTE asked (" + values + ")")
                            .execute())
                .compose(plan -> connection.query("DEALLOCATE asked").execute().map(done -> plan)));
  }

  private static void assertWalks(String filters, String plan) {
    assertEquals(false, SCAN_OF_ALL.matcher(plan).find(), filters + "\n" + plan);
    assertEquals(false, SORT.matcher(plan).find(), filters + "\n" + plan);
  }

  /** The plan for all values, which is the one that is used. */
  private static String plan(RunMatchSql match, RunOrder order, PageEnd after, long skip) {
    RunPageSql.Statement page = RunPageSql.statement(match, order, after, skip, 50);
    String explain = "EXPLAIN (GENERIC_PLAN, COSTS OFF) " + page.sql();
    return lines(order, connection -> connection.query(explain).execute());
  }

  private static String analyze(RunMatchSql match, RunOrder order) {
    RunPageSql.Statement page = RunPageSql.statement(match, order, null, 0, 50);
    String explain = "EXPLAIN (ANALYZE, COSTS OFF) " + page.sql();
    return lines(order, connection -> connection.preparedQuery(explain).execute(page.values()));
  }

  private static String lines(
      RunOrder order, Function<SqlConnection, Future<RowSet<Row>>> explain) {
    StringBuilder plan = new StringBuilder();
    database
        .inSnapshot(
            Duration.ofSeconds(10), connection -> RunPageSql.planned(connection, order, explain))
        .await()
        .forEach(row -> plan.append(row.getString(0)).append('\n'));
    return plan.toString();
  }
}
