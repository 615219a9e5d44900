package dev.perilune.query.projects;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.audit.AuditSql;
import dev.perilune.query.resource.ResourceSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ingestion rules; gateways read them anew every two seconds. */
final class RuleSql {
  private static final String LIST =
      """
      SELECT json_build_object(
               'id', id,
               'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'updatedAt', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'projectId', project_id, 'type', type, 'filters', filters)::text AS json
        FROM ingestion_rule
       WHERE project_id = $1
       ORDER BY type
      """;

  private static final String SAVE =
      """
      INSERT INTO ingestion_rule (project_id, type, filters) VALUES ($1, $2, $3::text::jsonb)
      ON CONFLICT (project_id, type)
      DO UPDATE SET filters = excluded.filters, updated_at = now()
      """;

  private static final String DELETE =
      """
      DELETE FROM ingestion_rule
       WHERE project_id = $1 AND ($2::text IS NULL OR type = $2) AND ($3::uuid IS NULL OR id = $3)
      RETURNING type
      """;

  private final Database database;

  RuleSql(Database database) {
    this.database = database;
  }

  Future<Buffer> list(UUID project) {
    return database.query(LIST, Tuple.of(project)).map(ResourceSql::array);
  }

  /** Adds the project's rule of a type or replaces it; filters are JSON text. */
  Future<Void> save(UUID project, String type, @Nullable String filters, Audit deed) {
    return database.inTransaction(
        connection ->
            connection
                .preparedQuery(SAVE)
                .execute(Tuple.of(project, type, filters))
                .compose(saved -> AuditSql.write(connection, deed.in(project))));
  }

  /**
   * Deletes rules.
   *
   * @param type null for every type
   * @param id null for every rule
   * @param masking written down if a rule of that type was among them
   * @param filtering the same for the other type
   */
  Future<Void> delete(
      UUID project, @Nullable String type, @Nullable UUID id, Audit masking, Audit filtering) {
    return database.inTransaction(
        connection ->
            connection
                .preparedQuery(DELETE)
                .execute(Tuple.of(project, type, id))
                .compose(rows -> write(connection, rows, "masking", masking.in(project)).map(rows))
                .compose(rows -> write(connection, rows, "filtering", filtering.in(project))));
  }

  private static Future<Void> write(
      SqlConnection connection, RowSet<Row> rows, String type, Audit deed) {
    for (Row row : rows) {
      if (row.getString("type").equals(type)) {
        return AuditSql.write(connection, deed);
      }
    }
    return Future.succeededFuture();
  }
}
