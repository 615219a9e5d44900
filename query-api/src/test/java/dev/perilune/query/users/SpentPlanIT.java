package dev.perilune.query.users;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the database reads what users cost. */
class SpentPlanIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @Test
  void weeksThatTheWindowDoesNotCutAreNotRead() throws Exception {
    try (QueryTester api = new QueryTester(POSTGRES.settings())) {
      api.execute("SELECT make_run_partitions('2026-02-01Z', '2026-04-01Z')");
    }
    Window window =
        new Window(Instant.parse("2026-02-10T09:00:00Z"), Instant.parse("2026-03-12T09:00:00Z"));

    String plan = plan(window);

    assertTrue(plan.contains("run_20260209") && plan.contains("run_20260309"), plan);
    assertFalse(plan.contains("run_20260216") || plan.contains("run_20260302"), plan);
    assertFalse(plan.contains("run_other"), plan);
  }

  private static String plan(Window window) {
    Tuple values = Tuple.of(UUID.fromString(QueryTester.PROJECT));
    String sql = "EXPLAIN (COSTS OFF) " + SpentSql.kept(values, window, window.to());
    Vertx vertx = Vertx.vertx();
    Database database = Database.open(vertx, POSTGRES.settings(), new Meters());
    StringBuilder plan = new StringBuilder();
    try {
      database
          .inSnapshot(
              Duration.ofSeconds(10),
              connection ->
                  connection
                      .query(UserListSql.PLAN_FOR_VALUES)
                      .execute()
                      .compose(set -> connection.preparedQuery(sql).execute(values)))
          .await()
          .forEach(row -> plan.append(row.getString(0)).append('\n'));
    } finally {
      database.close().await();
      vertx.close().await();
    }
    return plan.toString();
  }
}
