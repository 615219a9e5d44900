package dev.perilune.query.jobs;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/** Jobs of an organisation, as far as its people see them; processors do the work. */
final class JobSql {

  private static final String SHOWN =
      """
      SELECT json_build_object(
               'id', id,
               'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'endedAt', to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'orgId', org_id, 'type', type, 'status', status, 'progress', progress,
               'error', error, 'payload', payload)::text AS json
        FROM job
      """;

  private static final String ONE = SHOWN + " WHERE org_id = $1 AND id = $2";

  private static final String LATEST =
      SHOWN + " WHERE org_id = $1 AND type = $2 ORDER BY created_at DESC, id LIMIT 1";

  private static final String FORGET_EARLIER =
      "DELETE FROM job WHERE org_id = $1 AND type = $2 AND status IN ('done', 'failed')";

  private static final String START =
      """
      INSERT INTO job (org_id, type) VALUES ($1, $2)
      ON CONFLICT (org_id, type) WHERE status IN ('pending', 'running')
      DO UPDATE SET type = excluded.type
      RETURNING id
      """;

  private static final String DELETE = "DELETE FROM job WHERE org_id = $1 AND id = $2";

  private final Database database;

  JobSql(Database database) {
    this.database = database;
  }

  Future<Optional<Buffer>> one(UUID org, UUID id) {
    return database.maybeOne(ONE, Tuple.of(org, id)).map(JobSql::json);
  }

  Future<Optional<Buffer>> latest(UUID org, String type) {
    return database.maybeOne(LATEST, Tuple.of(org, type)).map(JobSql::json);
  }

  /** Starts a job and forgets earlier ones of its type; while one is not over, returns that. */
  Future<UUID> start(UUID org, String type) {
    Tuple values = Tuple.of(org, type);
    return database.inTransaction(
        connection ->
            connection
                .preparedQuery(FORGET_EARLIER)
                .execute(values)
                .compose(forgotten -> connection.preparedQuery(START).execute(values))
                .map(rows -> rows.iterator().next().getUUID("id")));
  }

  Future<Void> delete(UUID org, UUID id) {
    return database.query(DELETE, Tuple.of(org, id)).mapEmpty();
  }

  private static Optional<Buffer> json(Optional<Row> row) {
    return row.map(found -> Buffer.buffer(found.getString("json")));
  }
}
