package dev.perilune.query.users;

import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Reads users. */
final class UserSql {

  private static final String MATCHING =
      """
       WHERE u.project_id = $1 AND %s
         AND ($2::text IS NULL OR strpos(folded(u.external_id), folded($2)) > 0
              OR strpos(folded(u.props ->> 'email'), folded($2)) > 0
              OR strpos(folded(u.props ->> 'name'), folded($2)) > 0)
      """;

  private static final String COUNT = "SELECT count(*) AS users FROM external_user u\n" + MATCHING;

  // the page is cut out first: building the JSON of every user is most of the work
  private static final String PAGE =
      """
      SELECT json_build_object(
               'id', id, 'createdAt', shown_time(created_at), 'externalId', external_id,
               'lastSeen', shown_time(last_seen), 'props', props, 'cost', trim_scale(cost),
               'runs', runs)::text AS json
        FROM (SELECT * FROM (
        SELECT u.id, u.created_at, u.external_id, u.last_seen, u.props, %s
      """;

  // kept with the user by whoever writes runs
  private static final String OF_ALL_RUNS =
      """
      u.runs, CASE WHEN u.runs > 0 THEN u.cost END AS cost
          FROM external_user u
      """;

  private static final String OF_SOME_RUNS =
      """
      coalesce(c.runs, 0) AS runs, c.cost
          FROM external_user u
          LEFT JOIN (%s) AS c ON c.id = u.id
      """;

  private static final String FILTERED =
      """
      SELECT r.external_user_id AS id, count(*) AS runs, coalesce(sum(r.cost), 0) AS cost
        FROM run r
       WHERE r.project_id = $1 AND NOT r.is_deleted AND r.external_user_id IS NOT NULL
         AND ($5::timestamptz IS NULL OR r.created_at >= $5)
         AND ($6::timestamptz IS NULL OR r.created_at < $6)
         AND %s
       GROUP BY r.external_user_id
      """;

  // the window decides which weeks and which index are right
  static final String PLAN_FOR_VALUES =
      "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '64MB'";

  private static final String ORDER =
      """
      ) AS listed
       ORDER BY %1$s %2$s NULLS LAST, id %2$s
       LIMIT $3 OFFSET $4) AS page
       ORDER BY %1$s %2$s NULLS LAST, id %2$s
      """;

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

  /** One page of users and how many there are on all pages. */
  Future<Buffer> list(UUID project, UserListQuery query) {
    return database.inSnapshot(
        limit,
        connection -> {
          var total = total(connection, project, query);
          var page = page(connection, project, query);
          return Future.all(total, page)
              .map(
                  both ->
                      Buffer.buffer("{\"total\":" + total.result())
                          .appendString(",\"page\":" + query.page())
                          .appendString(",\"limit\":" + query.limit() + ",\"data\":")
                          .appendBuffer(page.result())
                          .appendString("}"));
        });
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

  private static Future<Long> total(SqlConnection connection, UUID project, UserListQuery query) {
    FilterSql users = FilterSql.ofUsers(query.users(), 3);
    Tuple values = Tuple.of(project, query.search());
    users.arguments().forEach(values::addValue);
    return connection
        .preparedQuery(COUNT.formatted(users.sql()))
        .execute(values)
        .map(rows -> rows.iterator().next().getLong("users"));
  }

  private static Future<Buffer> page(SqlConnection connection, UUID project, UserListQuery query) {
    Tuple values = Tuple.of(project, query.search(), query.limit(), query.offset());
    String cost = query.isOfAllRuns() ? OF_ALL_RUNS : OF_SOME_RUNS.formatted(spent(values, query));
    FilterSql users = FilterSql.ofUsers(query.users(), values.size() + 1);
    users.arguments().forEach(values::addValue);
    String sql =
        PAGE.formatted(cost)
            + MATCHING.formatted(users.sql())
            + ORDER.formatted(query.orderBy(), query.descending() ? "DESC" : "ASC");
    var planned =
        query.isOfAllRuns()
            ? Future.succeededFuture()
            : connection.query(PLAN_FOR_VALUES).execute();
    var rows = connection.preparedQuery(sql).execute(values);
    return planned.compose(set -> rows).map(UserSql::list);
  }

  private static String spent(Tuple values, UserListQuery query) {
    Window window = query.window();
    if (window != null && query.runs().filters().isEmpty()) {
      return SpentSql.kept(values, window, Instant.now());
    }
    values
        .addOffsetDateTime(window == null ? null : window.from().atOffset(ZoneOffset.UTC))
        .addOffsetDateTime(window == null ? null : window.to().atOffset(ZoneOffset.UTC));
    FilterSql runs = FilterSql.of(query.runs(), values.size() + 1);
    runs.arguments().forEach(values::addValue);
    return FILTERED.formatted(runs.sql());
  }

  private static Optional<Buffer> json(Optional<Row> row) {
    return row.map(found -> Buffer.buffer(found.getString("json")));
  }

  private static Buffer list(RowSet<Row> rows) {
    Buffer list = Buffer.buffer("[");
    for (Row row : rows) {
      list.appendString(list.length() == 1 ? "" : ",").appendString(row.getString("json"));
    }
    return list.appendString("]");
  }
}
