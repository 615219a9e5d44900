package dev.perilune.query.options;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks which values there are. No question reads the runs: what they have is in the rollups, which
 * the processor keeps in the transaction that stores them.
 */
final class OptionSql {

  /** Values that a list without a limit of its own has at most. */
  private static final int MOST = 10_000;

  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private static final String NAMES =
      """
      SELECT u.name AS value
        FROM rollup_run u
       WHERE u.project_id = $1 AND u.per = 'day' AND u.type = $2 AND u.name <> ''
       GROUP BY u.name
      HAVING sum(u.runs) > 0
       ORDER BY u.name
       LIMIT $3
      """;

  private static final String TAGS =
      """
      SELECT u.label AS value
        FROM rollup_label u
       WHERE u.project_id = $1 AND u.kind = 'tag'
       GROUP BY u.label
      HAVING sum(u.runs) > 0
       ORDER BY u.label
       LIMIT $2
      """;

  private static final String METADATA_KEYS =
      """
      SELECT DISTINCT m.key AS value
        FROM metadata_key m
       WHERE m.project_id = $1 AND ($2::text IS NULL OR m.type = $2)
       ORDER BY m.key
       LIMIT $3
      """;

  private static final String TRACE_METADATA_KEYS =
      METADATA_KEYS.replace("m.type = $2", "m.type IN ('agent', 'chain')");

  private static final String USERS =
      """
      SELECT u.id, u.created_at, u.project_id, u.external_id, u.last_seen, u.props
        FROM external_user u
       WHERE u.project_id = $1
         AND ($2::text IS NULL
              OR strpos(folded(concat_ws(E'\\n', u.external_id, u.props ->> 'email',
                                         u.props ->> 'name', u.props ->> 'firstName',
                                         u.props ->> 'lastName', u.props ->> 'orgId')),
                        (SELECT folded($2))) > 0)
       ORDER BY u.external_id
       LIMIT $3 OFFSET $4
      """;

  private static final String PROPS =
      """
      (SELECT u.props AS object FROM external_user u
        WHERE u.project_id = $1 AND jsonb_typeof(u.props) = 'object' OFFSET 0) u\
      """;

  private static final String PROP_KEYS =
      """
      SELECT DISTINCT k.key AS value
        FROM PROPS
       CROSS JOIN LATERAL jsonb_object_keys(u.object) AS k (key)
       WHERE $2::text IS NULL OR strpos(folded(k.key), (SELECT folded($2))) > 0
       ORDER BY k.key
       LIMIT $3
      """
          .replace("PROPS", PROPS);

  private static final String PROP_VALUES =
      """
      SELECT coalesce(texts.value, 'null') AS value
        FROM (SELECT DISTINCT u.object ->> $2 AS value
                FROM PROPS
               WHERE u.object ? $2) texts
       ORDER BY texts.value NULLS LAST
       LIMIT $3
      """
          .replace("PROPS", PROPS);

  private static final String TEMPLATES =
      """
      SELECT t.id AS value, t.slug AS label
        FROM template t
       WHERE t.project_id = $1
       ORDER BY t.slug, t.id
       LIMIT $2
      """;

  private static final String EVALUATED =
      """
      SELECT DISTINCT label #>> '{}' AS value
        FROM evaluator v
        JOIN evaluation_result_v2 e ON e.project_id = $1 AND e.evaluator_id = v.id
       CROSS JOIN LATERAL jsonb_path_query(e.result, '%s') AS label
       WHERE v.project_id = $1 AND v.type = '%s'
         AND EXISTS (SELECT FROM run r
                      WHERE r.project_id = $1 AND r.id = e.run_id AND NOT r.is_deleted)
       ORDER BY 1
       LIMIT $2
      """;

  private static final String TOPICS = EVALUATED.formatted("$.*[*][*].topic", "topics");
  private static final String INTENTS = EVALUATED.formatted("$.*[*].intents[*].label", "intent");

  private final Database database;
  private final Duration limit;

  /**
   * @param limit how long one statement may take
   */
  OptionSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** Names of the runs of one type. */
  Future<JsonArray> names(ProjectId project, String type) {
    return ask(NAMES, values(project).addString(type).addInteger(MOST), OptionSql::value);
  }

  /** The same as objects for choosing one. */
  Future<JsonArray> customEvents(ProjectId project) {
    Tuple values = values(project).addString("custom-event").addInteger(MOST);
    return ask(NAMES, values, OptionSql::labelled);
  }

  Future<JsonArray> tags(ProjectId project) {
    return ask(TAGS, values(project).addInteger(MOST), OptionSql::value);
  }

  /**
   * First-level keys of metadata.
   *
   * @param type of the runs, as the filter of that name takes it; null for any
   */
  Future<JsonArray> metadataKeys(ProjectId project, @Nullable String type) {
    String sql = "trace".equals(type) ? TRACE_METADATA_KEYS : METADATA_KEYS;
    return ask(sql, values(project).addString(type).addInteger(MOST), OptionSql::value);
  }

  /** Users whose id or usual properties contain the text, whatever its case. */
  Future<JsonArray> users(ProjectId project, @Nullable String search, int limit, long offset) {
    Tuple values = values(project).addString(search).addInteger(limit).addLong(offset);
    return ask(USERS, values, OptionSql::user);
  }

  Future<JsonArray> userPropKeys(ProjectId project, @Nullable String search, int limit) {
    Tuple values = values(project).addString(search).addInteger(limit);
    return ask(PROP_KEYS, values, OptionSql::labelled);
  }

  Future<JsonArray> userPropValues(ProjectId project, String key, int limit) {
    Tuple values = values(project).addString(key).addInteger(limit);
    return ask(PROP_VALUES, values, OptionSql::labelled);
  }

  Future<JsonArray> templates(ProjectId project) {
    return ask(
        TEMPLATES,
        values(project).addInteger(MOST),
        row ->
            new JsonObject()
                .put("value", row.getInteger("value"))
                .put("label", row.getString("label")));
  }

  Future<JsonArray> topics(ProjectId project) {
    return ask(TOPICS, values(project).addInteger(MOST), OptionSql::value);
  }

  Future<JsonArray> intents(ProjectId project) {
    return ask(INTENTS, values(project).addInteger(MOST), OptionSql::value);
  }

  private Future<JsonArray> ask(String sql, Tuple values, Function<Row, Object> shape) {
    return database.inSnapshot(
        limit,
        connection -> connection.preparedQuery(sql).execute(values).map(rows -> list(rows, shape)));
  }

  private static JsonArray list(RowSet<Row> rows, Function<Row, Object> shape) {
    JsonArray list = new JsonArray();
    rows.forEach(row -> list.add(shape.apply(row)));
    return list;
  }

  private static Tuple values(ProjectId project) {
    return Tuple.of(project.value());
  }

  private static Object value(Row row) {
    return row.getString("value");
  }

  private static Object labelled(Row row) {
    String value = row.getString("value");
    return new JsonObject().put("label", value).put("value", value);
  }

  private static Object user(Row row) {
    return new JsonObject()
        .put("id", row.getLong("id"))
        .put("createdAt", time(row.getOffsetDateTime("created_at")))
        .put("projectId", row.getUUID("project_id").toString())
        .put("externalId", row.getString("external_id"))
        .put("lastSeen", time(row.getOffsetDateTime("last_seen")))
        .put("props", row.getJson("props"));
  }

  private static String time(OffsetDateTime time) {
    return MILLISECONDS.format(time);
  }
}
