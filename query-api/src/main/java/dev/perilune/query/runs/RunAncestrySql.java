package dev.perilune.query.runs;

import dev.perilune.query.runs.RunLookupSql.Found;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Walks from a run to its ancestors, once for all that they tell. */
final class RunAncestrySql {

  /**
   * What stands above a run.
   *
   * @param topmost the farthest ancestor that is there; null without one
   * @param feedback of the nearest ancestor that has some, as JSON
   */
  record Ancestry(@Nullable UUID topmost, @Nullable String feedback) {

    static final Ancestry NONE = new Ancestry(null, null);
  }

  // A circle of parents shows as a cycle; a chain longer than the limit has no top we would find.
  // Feedback is inherited from as far up as lists look.
  private static final String ABOVE =
      """
      WITH RECURSIVE up (id, parent_run_id, feedback, depth) AS (
        SELECT $2::uuid, coalesce(a.run_id, $3::uuid), NULL::jsonb, 0
          FROM (VALUES ($3::uuid)) AS declared (id)
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = declared.id
         UNION ALL
        SELECT r.id, coalesce(a.run_id, r.parent_run_id), nullif(r.feedback, 'null'), up.depth + 1
          FROM up
          JOIN run r ON r.project_id = $1 AND r.id = up.parent_run_id
                    AND (r.started OR NOT r.is_deleted)
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
         WHERE up.depth < 1000
      ) CYCLE id SET repeated USING path
      SELECT (SELECT id FROM up WHERE depth > 0 AND NOT repeated ORDER BY depth DESC LIMIT 1)
               AS topmost,
             (SELECT feedback::text
                FROM up
               WHERE depth <= 100 AND feedback IS NOT NULL
               ORDER BY depth
               LIMIT 1) AS feedback
      """;

  private RunAncestrySql() {}

  /** Asks nothing for a run without parent. */
  static Future<Ancestry> above(SqlConnection connection, Found run) {
    if (run.parentRunId() == null) {
      return Future.succeededFuture(Ancestry.NONE);
    }
    return connection
        .preparedQuery(ABOVE)
        .execute(Tuple.of(run.project(), run.id(), run.parentRunId()))
        .map(rows -> ancestry(rows.iterator().next(), run));
  }

  // a parent that came while its child was stored is not known to the child yet
  private static Ancestry ancestry(Row row, Found run) {
    return new Ancestry(
        row.getUUID("topmost"), run.parentThere() ? row.getString("feedback") : null);
  }
}
