package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Walks from a run to its ancestors and descendants. */
final class RunTreeSql {

  // a circle of parents shows as a cycle; a chain longer than the limit has no top we would find
  private static final String TOPMOST =
      """
      WITH RECURSIVE up (id, parent_run_id, depth) AS (
        SELECT $2::uuid, $3::uuid, 0
         UNION ALL
        SELECT r.id, coalesce(a.run_id, r.parent_run_id), up.depth + 1
          FROM up
          JOIN run r ON r.project_id = $1 AND r.id = up.parent_run_id
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
         WHERE up.depth < 1000
      ) CYCLE id SET repeated USING path
      SELECT id
        FROM up
       WHERE depth > 0 AND NOT repeated
       ORDER BY depth DESC
       LIMIT 1
      """;

  // One row a level, because one index scan with all ids of a level costs far less than a scan
  // for each id in each partition. A run has one parent, so only the root can be met again.
  private static final String DESCENDANTS =
      """
      WITH RECURSIVE level (depth, ids, starts, total) AS (
        SELECT 0, ARRAY[$2::uuid], ARRAY[$3::timestamptz], 1::bigint
         UNION ALL
        SELECT level.depth + 1, next.ids, next.starts, level.total + cardinality(next.ids)
          FROM level
         CROSS JOIN LATERAL (
               SELECT array_agg(found.id) AS ids, array_agg(found.created_at) AS starts
                 FROM (SELECT r.id, r.created_at
                         FROM run r
                        WHERE r.project_id = $1 AND r.id <> $2
                          AND r.parent_run_id = ANY (level.ids || ARRAY(
                              SELECT a.id
                                FROM run_alias a
                               WHERE a.project_id = $1 AND a.run_id = ANY (level.ids)))
                        LIMIT $4 - level.total) found) next
         WHERE next.ids IS NOT NULL AND level.depth < 1000
      ), page AS (
        SELECT DISTINCT found.id, found.created_at
          FROM level
         CROSS JOIN LATERAL unnest(level.ids, level.starts) AS found (id, created_at)
      )
      SELECT page.id, page.created_at, %s AS payload_bytes
        FROM page
       ORDER BY page.created_at, page.id
      """
          .formatted(RunPageSql.PAYLOAD_BYTES);

  private RunTreeSql() {}

  /** The highest ancestor that is in the store; empty when there is none. */
  static Future<Optional<UUID>> topmost(SqlConnection connection, RunRow run) {
    if (run.parentRunId() == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return connection
        .preparedQuery(TOPMOST)
        .execute(Tuple.of(run.projectId(), run.id(), run.parentRunId()))
        .map(RunTreeSql::first);
  }

  /** The run and everything below it by start; of more than {@code limit} those nearest to it. */
  static Future<List<RunKey>> tree(SqlConnection connection, UUID project, RunKey root, int limit) {
    return connection
        .preparedQuery(DESCENDANTS)
        .execute(Tuple.of(project, root.id(), root.createdAt(), (long) limit))
        .map(RunPageSql::keys);
  }

  private static Optional<UUID> first(RowSet<Row> rows) {
    Iterator<Row> row = rows.iterator();
    return row.hasNext() ? Optional.of(row.next().getUUID("id")) : Optional.empty();
  }
}
