package dev.perilune.runtime.edit;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements that erase a user, each within the caller's transaction. */
final class UserErasureSql {
  private static final String DELETE_USER =
      "DELETE FROM external_user WHERE project_id = $1 AND id = $2 RETURNING external_id";

  private static final String REMEMBER =
      """
      INSERT INTO user_erasure (project_id, user_hash, erased_at)
      VALUES ($1, user_hash($1, $2), clock_timestamp())
          ON CONFLICT (project_id, user_hash) DO UPDATE SET erased_at = excluded.erased_at
      """;

  private static final String FORGETS =
      "UPDATE project SET forgets = true WHERE id = $1 AND NOT forgets";

  private static final String BEGIN =
      "INSERT INTO erasure (project_id, user_id, external_id) VALUES ($1, $2, $3) RETURNING id";

  private static final String OPEN =
      "SELECT id FROM erasure WHERE finished_at IS NULL ORDER BY id LIMIT 100";

  private static final String TARGET =
      "SELECT project_id, user_id, external_id FROM erasure WHERE id = $1 FOR UPDATE";

  private static final String COLLECT =
      """
      WITH found AS (
        INSERT INTO erasure_run (project_id, erasure_id, run_id)
        SELECT $1, $3, q.id
          FROM (SELECT r.id
                  FROM run r
                 WHERE r.project_id = $1 AND (r.external_user_id = $2 OR r.own_user_id = $2)
                 UNION
                SELECT m.run_id
                  FROM thread_message m
                  JOIN run r ON r.project_id = $1 AND r.id = m.run_id
                 WHERE m.project_id = $1 AND m.user_id = $2) AS q
            ON CONFLICT DO NOTHING
        RETURNING 1
      )
      UPDATE erasure e
         SET runs = e.runs + (SELECT count(*) FROM found)
       WHERE e.id = $3
      RETURNING (SELECT count(*) FROM erasure_run WHERE erasure_id = $3)
                + (SELECT count(*) FROM found) AS open
      """;

  private static final String TAKE =
      """
      DELETE FROM erasure_run
       WHERE erasure_id = $1
         AND run_id IN (SELECT run_id FROM erasure_run WHERE erasure_id = $1 ORDER BY run_id LIMIT $2)
      RETURNING run_id
      """;

  private static final String PROGRESS =
      "UPDATE erasure SET runs_deleted = runs_deleted + $2 WHERE id = $1";

  private static final String[] FINISH = {
    "DELETE FROM thread_message WHERE project_id = $1 AND user_id = $2",
    "DELETE FROM rollup_user WHERE project_id = $1 AND user_id = $2",
    "SELECT rollup_forget_empty($1) WHERE $2::bigint IS NOT NULL",
  };

  private static final String FINISHED =
      "UPDATE erasure SET finished_at = now(), external_id = NULL WHERE id = $1";

  private UserErasureSql() {}

  private record Target(UUID project, long user, @Nullable String externalId) {}

  static Future<Optional<Long>> begin(SqlConnection connection, UUID project, long user) {
    return connection
        .preparedQuery(DELETE_USER)
        .execute(Tuple.of(project, user))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.succeededFuture(Optional.<Long>empty());
              }
              String externalId = rows.iterator().next().getString("external_id");
              return connection
                  .preparedQuery(REMEMBER)
                  .execute(Tuple.of(project, externalId))
                  .compose(done -> connection.preparedQuery(FORGETS).execute(Tuple.of(project)))
                  .compose(
                      done ->
                          connection
                              .preparedQuery(BEGIN)
                              .execute(Tuple.of(project, user, externalId)))
                  .map(begun -> Optional.of(begun.iterator().next().getLong("id")));
            });
  }

  static Future<List<Long>> open(SqlConnection connection) {
    return connection
        .query(OPEN)
        .execute()
        .map(
            rows -> {
              List<Long> open = new ArrayList<>();
              rows.forEach(row -> open.add(row.getLong("id")));
              return open;
            });
  }

  /** Notes the runs that are there; returns how many are still to be deleted. */
  static Future<Long> collect(SqlConnection connection, long erasure) {
    return target(connection, erasure)
        .compose(
            target ->
                connection
                    .preparedQuery(COLLECT)
                    .execute(Tuple.of(target.project(), target.user(), erasure)))
        .map(rows -> rows.iterator().next().getLong("open"));
  }

  /** Deletes some of the runs; returns whether there may be more. The gate must be closed. */
  static Future<Boolean> piece(SqlConnection connection, long erasure, int most) {
    return target(connection, erasure)
        .compose(
            target ->
                connection
                    .preparedQuery(TAKE)
                    .execute(Tuple.of(erasure, most))
                    .compose(
                        rows -> {
                          List<UUID> runs = new ArrayList<>(rows.size());
                          rows.forEach(row -> runs.add(row.getUUID("run_id")));
                          return RunDeletionSql.forget(connection, target.project(), runs)
                              .compose(deleted -> progress(connection, erasure, deleted))
                              .map(told -> runs.size() == most);
                        }));
  }

  static Future<Void> forgetLetters(SqlConnection connection, long erasure) {
    return target(connection, erasure)
        .compose(
            target ->
                target.externalId() == null
                    ? Future.succeededFuture()
                    : RunDeletionSql.forgetLetters(
                        connection, target.project(), LetterTexts.naming(target.externalId())));
  }

  /** Deletes the rest, the name of the user with it. The gate must be closed. */
  static Future<Void> finish(SqlConnection connection, long erasure) {
    return target(connection, erasure)
        .compose(
            target -> {
              Tuple whose = Tuple.of(target.project(), target.user());
              Future<RowSet<Row>> last = Future.succeededFuture();
              for (String statement : FINISH) {
                last = last.compose(done -> connection.preparedQuery(statement).execute(whose));
              }
              return last;
            })
        .compose(done -> connection.preparedQuery(FINISHED).execute(Tuple.of(erasure)))
        .mapEmpty();
  }

  private static Future<RowSet<Row>> progress(
      SqlConnection connection, long erasure, long deleted) {
    return connection.preparedQuery(PROGRESS).execute(Tuple.of(erasure, deleted));
  }

  private static Future<Target> target(SqlConnection connection, long erasure) {
    return connection
        .preparedQuery(TARGET)
        .execute(Tuple.of(erasure))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Target(
                  row.getUUID("project_id"), row.getLong("user_id"), row.getString("external_id"));
            });
  }
}
