package dev.perilune.runtime.rules;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the ingestion rules of all projects; few projects have any. */
public final class IngestionRuleSql {

  // filters name users by internal ids, events by external ones; a leaf may hold numbers or texts
  private static final String ALL =
      """
      SELECT r.project_id, r.type, coalesce(r.filters::text, 'null') AS filters,
             (SELECT jsonb_object_agg(u.id::text, u.external_id)
                FROM external_user AS u
               WHERE u.project_id = r.project_id
                 AND u.id IN (SELECT CASE WHEN named #>> '{}' ~ '^[0-9]{1,18}$'
                                          THEN (named #>> '{}')::bigint END
                                FROM jsonb_path_query(r.filters, '$.**.users[*]') AS named)) AS users
        FROM ingestion_rule AS r
       WHERE r.type = 'filtering' OR r.filters IS NOT NULL
       ORDER BY r.project_id, r.type
      """;

  private final Database database;

  public IngestionRuleSql(Database database) {
    this.database = database;
  }

  /**
   * Every rule that asks for something before an event is stored.
   *
   * @return fails with {@code Problem.Unavailable} while Postgres is away
   */
  public Future<List<StoredRule>> all() {
    return database
        .query(ALL, Tuple.tuple())
        .map(
            rows -> {
              List<StoredRule> rules = new ArrayList<>();
              rows.forEach(row -> rules.add(rule(row)));
              return rules;
            });
  }

  private static StoredRule rule(Row row) {
    Map<String, String> users = new HashMap<>();
    JsonObject named = row.getJsonObject("users");
    if (named != null) {
      named.forEach(user -> users.put(user.getKey(), String.valueOf(user.getValue())));
    }
    return new StoredRule(
        new ProjectId(row.getUUID("project_id")),
        row.getString("type"),
        row.getString("filters"),
        users);
  }
}
