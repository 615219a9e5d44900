package dev.perilune.processor;

import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class YoungTablesIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String FILL =
      """
      INSERT INTO run_stray (project_id, id, created_at)
      SELECT gen_random_uuid(), gen_random_uuid(), now() FROM generate_series(1, $1)
      """;

  private static final String KNOWN =
      "SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'run_stray'::regclass";

  private final Vertx vertx = Vertx.vertx();
  private final Database database = Database.open(vertx, POSTGRES.settings(), new Meters());

  @AfterEach
  void close() throws Exception {
    database.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aTableThatDoublesIsKnownToThePlannerSoon() throws Exception {
    Repeated tables = YoungTables.start(vertx, database);

    fill(1_000);
    Eventually.holds("the planner knows of 1,000 rows", () -> known() == 1_000);
    fill(2_000);
    Eventually.holds("the planner knows of 3,000 rows", () -> known() == 3_000);
    tables.close();
  }

  private void fill(int rows) throws Exception {
    database.query(FILL, Tuple.of(rows)).await(10, TimeUnit.SECONDS);
  }

  private int known() throws Exception {
    return database.one(KNOWN, Tuple.tuple()).await(10, TimeUnit.SECONDS).getInteger("rows");
  }
}
