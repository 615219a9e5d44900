package dev.perilune.query.runs;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds runs that their project made public. Nobody need say which project that is, so an id that
 * two projects made public means that of the caller, else the one that was there first.
 */
final class PublicRunSql {
  private static final String FIND =
      """
      SELECT *
        FROM (SELECT r.project_id, r.id, r.created_at, 0 AS rank
                FROM run r
               WHERE r.is_public AND r.id = $1
               UNION ALL
              SELECT r.project_id, r.id, r.created_at, 1
                FROM run r
                JOIN run_alias a ON a.project_id = r.project_id AND a.id = $1 AND a.run_id = r.id
               WHERE r.is_public) AS found
       ORDER BY rank, project_id = $2::uuid DESC NULLS LAST, created_at, project_id
       LIMIT 1
      """;

  private final Database database;
  private final Duration limit;

  PublicRunSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** The run as everybody may see it. */
  Future<Optional<Buffer>> find(Caller caller, String id) {
    UUID stored = RunIds.derive(id);
    UUID own = caller.project() == null ? null : caller.project().value();
    return database.inSnapshot(
        limit,
        connection ->
            connection
                .preparedQuery(FIND)
                .execute(Tuple.of(stored, own))
                .compose(
                    rows -> {
                      Iterator<Row> row = rows.iterator();
                      if (!row.hasNext()) {
                        return Future.succeededFuture(Optional.<Buffer>empty());
                      }
                      Row found = row.next();
                      RunKey key =
                          new RunKey(found.getUUID("id"), found.getOffsetDateTime("created_at"));
                      return RunRowSql.rows(connection, found.getUUID("project_id"), List.of(key))
                          .map(runs -> runs.stream().findFirst().map(RunJson::shared));
                    }));
  }
}
