package dev.perilune.processor.search;

import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The indexer while the ingest path is behind; how much it rests then is {@link PaceTest}'s. */
class SearchIndexerIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final UUID PROJECT = new UUID(0x5000, 1);
  private static final String QUEUE =
      """
      WITH runs AS (SELECT gen_random_uuid() AS id, now() AS at FROM generate_series(1, 1000)),
           stored AS (INSERT INTO run_payload (project_id, run_id, created_at, input)
                      SELECT $1, id, at, 'Some WORDS ' || id
                             || CASE WHEN id::text < '08' THEN repeat(' long', 9000) ELSE '' END
                        FROM runs)
      INSERT INTO search_queue (project_id, run_ids, starts, parts, runs)
      SELECT $1, array_agg(id), array_agg(at), array_agg(1::smallint), count(*) FROM runs
      """;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicBoolean behind = new AtomicBoolean(true);
  private Database database;
  private SearchIndexer indexer;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
    run("DELETE FROM search_queue WHERE project_id = $1");
    run("DELETE FROM search_segment WHERE project_id = $1");
  }

  @AfterEach
  void close() throws Exception {
    indexer.close();
    database.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void whatIsQueuedWhileIngestIsBehindIsIndexedAllTheSame() throws Exception {
    indexer = SearchIndexer.start(database, behind::get, new Meters());
    for (int thousand = 1; thousand <= 2; thousand++) {
      int runs = 1000 * thousand;
      run(QUEUE);
      Eventually.holds(runs + " indexed", () -> indexed() == runs);
    }
  }

  @Test
  void indexingGoesOnOnceIngestHasCaughtUp() throws Exception {
    indexer = SearchIndexer.start(database, behind::get, new Meters());
    run(QUEUE);
    Eventually.holds("first indexed", () -> indexed() == 1000);
    run(QUEUE);
    behind.set(false);
    Eventually.holds("all indexed", () -> indexed() == 2000);
  }

  private long indexed() throws Exception {
    return database
        .query(
            "SELECT coalesce(sum(runs), 0) FROM search_segment WHERE project_id = $1",
            Tuple.of(PROJECT))
        .await(20, TimeUnit.SECONDS)
        .iterator()
        .next()
        .getLong(0);
  }

  private void run(String sql) throws Exception {
    database.query(sql, Tuple.of(PROJECT)).await(20, TimeUnit.SECONDS);
  }
}
