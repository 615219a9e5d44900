package dev.perilune.query.users;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Reads users. */
final class UserSql {

  private static final String ONE =
      """
      SELECT json_build_object(
               'id', id, 'createdAt', shown_time(created_at), 'projectId', project_id,
               'externalId', external_id, 'lastSeen', shown_time(last_seen), 'props', props)::text
             AS json
        FROM external_user
       WHERE project_id = $1 AND (id = $2 OR external_id = $3)
      """;

  private static final String ID =
      "SELECT id FROM external_user WHERE project_id = $1 AND (id = $2 OR external_id = $3)";

  private static final String USAGE =
      """
      SELECT json_build_object(
               'userId', external_user_id, 'name', name, 'type', type,
               'completionTokens', coalesce(sum(completion_tokens), 0),
               'promptTokens', coalesce(sum(prompt_tokens), 0),
               'cost', trim_scale(coalesce(sum(cost), 0)),
               'errors', count(*) FILTER (WHERE status = 'error'),
               'success', count(*) FILTER (WHERE status = 'success'))::text AS json
        FROM run
       WHERE project_id = $1 AND NOT is_deleted
         AND created_at >= now() - make_interval(hours => 24 * $2::integer)
         AND (type <> 'agent' OR parent_run_id IS NULL)
       GROUP BY external_user_id, name, type
       ORDER BY external_user_id, name, type
       LIMIT $3
      """;

  private static final String ERASURE =
      """
      SELECT json_build_object(
               'userId', user_id, 'status', CASE WHEN finished_at IS NULL THEN 'running' ELSE 'done' END,
               'runs', runs, 'runsDeleted', runs_deleted, 'requestedAt', shown_time(requested_at),
               'finishedAt', shown_time(finished_at))::text AS json
        FROM erasure
       WHERE project_id = $1 AND user_id = $2
       ORDER BY id DESC
       LIMIT 1
      """;

  private static final String KEYS =
      """
      SELECT known.key
        FROM (SELECT DISTINCT k.key
                FROM external_user u,
                     jsonb_object_keys(CASE jsonb_typeof(u.props) WHEN 'object' THEN u.props
                                            ELSE '{}' END) AS k(key)
               WHERE u.project_id = $1) AS known
       ORDER BY known.key COLLATE "C"
       LIMIT $2
      """;

  private static final int MOST_USAGE = 100_000;
  private static final int MOST_KEYS = 10_000;

  private final Database database;
  private final Duration limit;

  /**
   * @param limit how long one statement may take
   */
  UserSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** A user by internal id, or by the application's id where that is no number. */
  Future<Optional<Buffer>> one(UUID project, UserId user) {
    return database
        .maybeOne(ONE, Tuple.of(project, user.id(), user.externalId()))
        .map(UserSql::json);
  }

  /** The internal id of a user. */
  Future<Optional<Long>> id(UUID project, UserId user) {
    return database
        .maybeOne(ID, Tuple.of(project, user.id(), user.externalId()))
        .map(row -> row.map(found -> found.getLong("id")));
  }

  /** How far the last erasure of a user with that internal id is. */
  Future<Optional<Buffer>> erasure(UUID project, long user) {
    return database.maybeOne(ERASURE, Tuple.of(project, user)).map(UserSql::json);
  }

  /** Tokens, cost and outcomes by user, name and type over the last days. */
  Future<Buffer> usage(UUID project, int days) {
    return database.inSnapshot(
        limit,
        connection ->
            connection
                .preparedQuery(USAGE)
                .execute(Tuple.of(project, days, MOST_USAGE))
                .map(UserSql::list));
  }

  /** First-level keys of all users' properties. */
  Future<JsonArray> keys(UUID project) {
    return database
        .query(KEYS, Tuple.of(project, MOST_KEYS))
        .map(
            rows -> {
              JsonArray keys = new JsonArray();
              rows.forEach(row -> keys.add(row.getString("key")));
              return keys;
            });
  }

  private static Optional<Buffer> json(Optional<Row> row) {
    return row.map(found -> Buffer.buffer(found.getString("json")));
  }

  /** The column {@code json} of all rows, as an array. */
  static Buffer list(RowSet<Row> rows) {
    Buffer list = Buffer.buffer("[");
    for (Row row : rows) {
      list.appendString(list.length() == 1 ? "" : ",").appendString(row.getString("json"));
    }
    return list.appendString("]");
  }
}
