package dev.perilune.processor.store;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** What the planner knows of tables that grow quickly. */
public final class StatisticsSql {

  // as long as a table is small it doubles often; later Postgres is soon enough
  private static final String DOUBLED =
      """
      SELECT s.relid::regclass::text AS name
        FROM pg_stat_user_tables s
        JOIN pg_class c ON c.oid = s.relid
       WHERE s.schemaname = current_schema()
         AND c.relkind = 'r' AND s.n_mod_since_analyze > 500 + GREATEST(c.reltuples, 0)
       ORDER BY s.n_mod_since_analyze DESC
       LIMIT 10
      """;

  private StatisticsSql() {}

  /** Counts tables again that have doubled since they were counted; tells which. */
  public static Future<List<String>> renew(Database database) {
    return database
        .query(DOUBLED, Tuple.tuple())
        .map(StatisticsSql::names)
        .compose(
            names ->
                names.isEmpty()
                    ? Future.succeededFuture(names)
                    : database
                        .pool()
                        .query("ANALYZE (SKIP_LOCKED) " + String.join(", ", names))
                        .execute()
                        .map(names));
  }

  private static List<String> names(RowSet<Row> rows) {
    List<String> names = new ArrayList<>();
    rows.forEach(row -> names.add(row.getString("name")));
    return names;
  }
}
