package dev.perilune.query.runs;

import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** Answers how much models and tools were used. */
final class RunUsageSql {

  private static final int MOST_ROWS = 100_000;

  private static final String USAGE =
      """
      SELECT CASE WHEN $4::boolean
                  THEN to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T00:00:00.000Z"')
                   END AS date,
             r.name, r.type,
             coalesce(sum(r.completion_tokens), 0) AS completion_tokens,
             coalesce(sum(r.prompt_tokens), 0) AS prompt_tokens,
             trim_scale(coalesce(sum(r.cost), 0)) AS cost,
             count(*) FILTER (WHERE r.status = 'error') AS errors,
             count(*) FILTER (WHERE r.status = 'success') AS success
        FROM run r
       WHERE r.project_id = $1 AND NOT r.is_deleted
         AND r.created_at >= now() - $2::integer * interval '24 hours'
         AND ($3::bigint IS NULL OR r.external_user_id = $3)
       GROUP BY 1, r.name, r.type
       ORDER BY 1, r.name, r.type
       LIMIT $5
      """;

  private final Database database;
  private final Duration limit;

  /**
   * @param limit how long the statement may take
   */
  RunUsageSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** One object for each name and type, and each day if that is asked for. */
  Future<JsonArray> usage(Caller caller, RunUsage wanted) {
    Tuple values =
        Tuple.of(caller.requiredProject().value())
            .addInteger(wanted.days())
            .addLong(wanted.userId())
            .addBoolean(wanted.daily())
            .addLong((long) MOST_ROWS);
    return database.inSnapshot(
        limit,
        connection -> connection.preparedQuery(USAGE).execute(values).map(RunUsageSql::json));
  }

  private static JsonArray json(RowSet<Row> rows) {
    JsonArray list = new JsonArray();
    for (Row row : rows) {
      JsonObject used = new JsonObject();
      if (row.getString("date") != null) {
        used.put("date", row.getString("date"));
      }
      list.add(
          used.put("name", row.getString("name"))
              .put("type", row.getString("type"))
              .put("completionTokens", row.getLong("completion_tokens"))
              .put("promptTokens", row.getLong("prompt_tokens"))
              .put("cost", row.getBigDecimal("cost"))
              .put("errors", row.getLong("errors"))
              .put("success", row.getLong("success")));
    }
    return list;
  }
}
