package dev.perilune.processor.store;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Deletes what belongs to deleted projects, wherever it is. */
public final class PurgeSql {

  // One worker a project; the lock goes with the transaction. In no order, so that none has to wait
  // for one whose keys may still be believed.
  private static final String NEXT =
      """
      SELECT id
        FROM (SELECT id FROM project WHERE deleted_at IS NOT NULL ORDER BY random() OFFSET 0) AS deleted
       WHERE pg_try_advisory_xact_lock(hashtextextended('perilune.purge.' || id, 0))
       LIMIT 1
      """;

  // Every table and partition that says which project a row belongs to, known here or not. The
  // audit log is kept as long as the organisation.
  private static final String TABLES =
      """
      SELECT format('%I.%I', n.nspname, c.relname) AS name
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_attribute AS a ON a.attrelid = c.oid
       WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname <> 'audit_log'
         AND a.attname = 'project_id' AND NOT a.attisdropped
       ORDER BY c.relname
      """;

  private static final String DELETE =
      """
      DELETE FROM %1$s
       WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE project_id = $1 LIMIT $2))
      """;

  // Waits for transactions that saw the project alive: none of them can add to it afterwards.
  private static final String LOCK =
      """
      SELECT deleted_at < now() - make_interval(secs => $2) AS old
        FROM project
       WHERE id = $1
         FOR UPDATE
      """;

  private static final String FORGET = "DELETE FROM project WHERE id = $1";

  private PurgeSql() {}

  /** A deleted project that no other worker is at, or null. */
  public static @Nullable UUID next(Tx tx) {
    RowSet<Row> rows = tx.run(NEXT, Tuple.tuple());
    return rows.size() == 0 ? null : rows.iterator().next().getUUID("id");
  }

  /** Tables that hold rows of projects, as SQL names. */
  public static List<String> tables(Tx tx) {
    List<String> tables = new ArrayList<>();
    tx.run(TABLES, Tuple.tuple()).forEach(row -> tables.add(row.getString("name")));
    return tables;
  }

  /** Deletes up to {@code limit} rows of a project and returns how many those were. */
  public static int deleteSome(Tx tx, String table, UUID project, int limit) {
    return tx.run(DELETE.formatted(table), Tuple.of(project, limit)).rowCount();
  }

  /** Keeps everybody from adding to the project; true if it was deleted that long ago. */
  public static boolean lock(Tx tx, UUID project, Duration age) {
    RowSet<Row> rows = tx.run(LOCK, Tuple.of(project, (double) age.toSeconds()));
    return rows.size() == 1 && rows.iterator().next().getBoolean("old");
  }

  /** Deletes the project itself. */
  public static void forget(Tx tx, UUID project) {
    tx.run(FORGET, Tuple.of(project));
  }
}
