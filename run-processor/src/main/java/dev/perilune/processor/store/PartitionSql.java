package dev.perilune.processor.store;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** The tables that hold a week of runs each. */
public final class PartitionSql {

  // Attaching a week locks the tables that every batch writes to: give up soon, come back later.
  private static final String PATIENCE = "SET LOCAL lock_timeout = '2s'";

  private static final String ONE_AT_A_TIME =
      "SELECT pg_advisory_xact_lock(hashtext('perilune.make_run_partitions'))";

  private static final String MAKE =
      """
      SELECT make_run_partitions(now() - interval '8 weeks', now() + interval '4 weeks') AS made
      """;

  private PartitionSql() {}

  /** Makes those of the last eight and the next four weeks that are missing; tells how many. */
  public static Future<Integer> makeMissing(Database database) {
    return database.inTransaction(
        connection ->
            connection
                .query(PATIENCE)
                .execute()
                .compose(set -> connection.query(ONE_AT_A_TIME).execute())
                .compose(locked -> connection.preparedQuery(MAKE).execute(Tuple.tuple()))
                .map(rows -> made(rows.iterator().next())));
  }

  private static int made(Row row) {
    return row.getInteger("made");
  }
}
