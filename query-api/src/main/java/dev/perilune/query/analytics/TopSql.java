package dev.perilune.query.analytics;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rankings of models, prompt templates and agents. */
final class TopSql {

  private static final String SUMS =
      """
      coalesce(sum(r.prompt_tokens), 0) AS prompt_tokens,
      coalesce(sum(r.completion_tokens), 0) AS completion_tokens,
      coalesce(sum(r.prompt_tokens), 0) + coalesce(sum(r.completion_tokens), 0) AS total_tokens,
      coalesce(sum(r.cost), 0) AS cost\
      """;

  private static final String BY_TOKENS =
      " ORDER BY total_tokens DESC, cost DESC, name COLLATE \"C\"";

  private static final String ORG_MODELS =
      """
      WITH used AS (
        SELECT r.project_id, r.name, %s
      %s GROUP BY 1, 2
      ), top AS (
        SELECT name, sum(prompt_tokens) AS prompt_tokens,
               sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens,
               sum(cost) AS cost,
               (array_agg(project_id ORDER BY total_tokens DESC, cost DESC, project_id))[1]
                 AS project_id
          FROM used
         GROUP BY name
         ORDER BY total_tokens DESC, cost DESC, name COLLATE "C"
         LIMIT %d)
      SELECT top.*, p.name AS project_name
        FROM top
        LEFT JOIN project p ON p.id = top.project_id
       ORDER BY total_tokens DESC, cost DESC, top.name COLLATE "C"
      """;

  private static final String TEMPLATES =
      """
      WITH used AS (
        SELECT r.template_version_id AS version, count(*) AS usage_count, %s
      %s AND r.template_version_id IS NOT NULL
         GROUP BY 1)
      SELECT t.slug, t.id, sum(usage_count) AS usage_count, sum(prompt_tokens) AS prompt_tokens,
             sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens,
             sum(cost) AS cost
        FROM used
        LEFT JOIN template_version v ON v.project_id = $1 AND v.id = used.version
        LEFT JOIN template t ON t.project_id = $1 AND t.id = v.template_id
       GROUP BY t.id, t.slug
       ORDER BY usage_count DESC, t.id NULLS LAST
      """;

  private final ReadSql read;

  TopSql(ReadSql read) {
    this.read = read;
  }

  /** The models of a project by tokens. */
  Future<List<Map<String, @Nullable Object>>> models(UUID project, TopQuery query) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.conditions());
    String sql =
        "SELECT r.name, " + SUMS + "\n" + models(scope, query) + " GROUP BY r.name" + BY_TOKENS;
    return read.rows(first(sql, query.limit()), scope.values(), TopSql::model);
  }

  /** The models of all projects of an organisation by tokens, each with its busiest project. */
  Future<List<Map<String, @Nullable Object>>> orgModels(UUID org, TopQuery query) {
    ScopeSql scope = ScopeSql.ofOrg(org, query.window(), query.conditions());
    String sql = ORG_MODELS.formatted(SUMS, models(scope, query), query.limit());
    return read.rows(
        sql,
        scope.values(),
        row -> {
          Map<String, @Nullable Object> model = model(row);
          model.put("projectName", row.getString("project_name"));
          return model;
        });
  }

  /** The templates of a project by how often they were used. */
  Future<List<Map<String, @Nullable Object>>> templates(UUID project, TopQuery query) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.conditions());
    String sql = TEMPLATES.formatted(SUMS, scope.runs());
    return read.rows(
        first(sql, query.limit()),
        scope.values(),
        row -> {
          Map<String, @Nullable Object> template = new LinkedHashMap<>();
          template.put("slug", row.getString("slug"));
          template.put("id", row.getBigDecimal("id"));
          template.put("usageCount", row.getBigDecimal("usage_count"));
          return sums(template, row);
        });
  }

  private static String models(ScopeSql scope, TopQuery query) {
    StringBuilder sql = new StringBuilder(scope.runs());
    sql.append(" AND r.type = 'llm' AND r.name IS NOT NULL");
    query.userId().ifPresent(id -> sql.append(" AND r.external_user_id = " + scope.argument(id)));
    query.name().ifPresent(name -> sql.append(" AND r.name = " + scope.argument(name)));
    return sql.toString();
  }

  private static String first(String sql, int limit) {
    return "SELECT * FROM (" + sql + " LIMIT " + limit + ") ranked";
  }

  private static Map<String, @Nullable Object> model(Row row) {
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("name", row.getString("name"));
    return sums(model, row);
  }

  static Map<String, @Nullable Object> sums(Map<String, @Nullable Object> fields, Row row) {
    fields.put("promptTokens", row.getBigDecimal("prompt_tokens"));
    fields.put("completionTokens", row.getBigDecimal("completion_tokens"));
    fields.put("totalTokens", row.getBigDecimal("total_tokens"));
    fields.put("cost", row.getBigDecimal("cost"));
    return fields;
  }
}
