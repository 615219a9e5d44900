package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Grains;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rankings of prompt templates, agents, and what evaluators found. */
final class TopSql {

  private static final int MOST = 100;
  private static final int LANGUAGES = 5;

  private static final String TEMPLATES =
      """
      SELECT t.slug, t.id, sum(used.runs) AS runs, %s
        FROM (SELECT f.label, sum(f.runs) AS runs, sum(f.prompt_tokens) AS prompt_tokens,
                     sum(f.completion_tokens) AS completion_tokens, sum(f.cost) AS cost
                FROM %s
               GROUP BY 1
              HAVING sum(f.runs) <> 0) used
        LEFT JOIN template_version v ON v.project_id = $1 AND v.id = used.label::integer
        LEFT JOIN template t ON t.project_id = $1 AND t.id = v.template_id
       GROUP BY t.id, t.slug
       ORDER BY runs DESC, t.id NULLS LAST
       LIMIT %d
      """;

  private static final String TEMPLATES_OF_RUNS =
      """
      (SELECT r.template_version_id AS label, 1 AS runs, r.prompt_tokens, r.completion_tokens,
              r.cost
      %s AND r.template_version_id IS NOT NULL) f
      """;

  private static final String AGENTS =
      """
      SELECT nullif(f.label, '') AS name, %s
        FROM %s
       GROUP BY 1
      HAVING sum(f.runs) <> 0
       ORDER BY total_tokens DESC, cost DESC, nullif(f.label, '') COLLATE "C" NULLS LAST
       LIMIT %d
      """;

  // Only the root is asked for; what ran below it in the window belongs to it, also when the root
  // itself is deleted. A trace may begin before the window does, by a day at most. One row a level,
  // as in RunTreeSql, so that only what stands below the roots is read; its ids are in order, since
  // each index that they are looked up in would sort them again. A run has one parent, and
  // what has none or one of type chat begins a tree of its own, so no run is met twice. An id that
  // stands for another run is no parent's own (strangers).
  private static final String AGENTS_OF_RUNS =
      """
      (WITH RECURSIVE level (ids, labels, prompts, completions, costs, counts) AS (
         SELECT array_agg(r.id), array_agg(r.agent), array_agg(r.prompt_tokens),
                array_agg(r.completion_tokens), array_agg(r.cost), array_agg(r.counts)
           FROM (SELECT r.id, r.agent, r.prompt_tokens, r.completion_tokens, r.cost,
                        r.created_at >= $2 AND NOT r.is_deleted AS counts
                   FROM run r
                  WHERE r.project_id = $1 AND r.created_at >= %2$s AND r.created_at < $3
                    AND r.type IN ('agent', 'chain')
                    AND (r.parent_run_id IS NULL OR r.parent_type = 'chat') AND %1$s
                  ORDER BY r.id) r
          UNION ALL
         SELECT below.*
           FROM level
          CROSS JOIN LATERAL (
                SELECT level.ids || ARRAY(SELECT a.id
                                            FROM run_alias a
                                           WHERE a.project_id = $1 AND a.run_id = ANY (level.ids))
                         AS parents,
                       ARRAY(SELECT a.id
                               FROM run_alias a
                              WHERE a.project_id = $1 AND a.id = ANY (level.ids)
                                AND a.run_id <> ALL (level.ids)) AS strangers
                OFFSET 0) known
          CROSS JOIN LATERAL (
                SELECT array_agg(c.id) AS ids, array_agg(c.agent), array_agg(c.prompt_tokens),
                       array_agg(c.completion_tokens), array_agg(c.cost), array_agg(c.counts)
                  FROM (SELECT c.id, c.agent, c.prompt_tokens, c.completion_tokens, c.cost,
                               c.created_at >= $2 AND NOT c.is_deleted AS counts
                          FROM run c
                         WHERE c.project_id = $1 AND c.parent_run_id = ANY (known.parents)
                           AND c.created_at >= %2$s AND c.created_at < $3
                           AND c.parent_run_id <> ALL (known.strangers) AND c.agent IS NOT NULL
                           AND NOT (c.type IN ('agent', 'chain')
                                    AND c.parent_type IS NOT DISTINCT FROM 'chat')
                         ORDER BY c.id) c) below
          WHERE below.ids IS NOT NULL)
       SELECT one.label, 1 AS runs, one.prompt_tokens, one.completion_tokens, one.cost
         FROM level
        CROSS JOIN LATERAL unnest(level.labels, level.prompts, level.completions, level.costs,
                                  level.counts)
                     AS one (label, prompt_tokens, completion_tokens, cost, counts)
        WHERE one.counts) f
      """;

  private static final String JUDGED =
      """
      SELECT found.label, count(DISTINCT r.id) AS runs
        FROM evaluation_result_v2 e
        JOIN evaluator v ON v.project_id = e.project_id AND v.id = e.evaluator_id
        JOIN run r ON r.project_id = e.project_id AND r.id = e.run_id
       CROSS JOIN LATERAL (SELECT DISTINCT one #>> '{}' AS label
                             FROM jsonb_path_query(e.result, '%s') one) found
       WHERE e.project_id = $1 AND v.type = '%s' AND r.created_at >= $2 AND r.created_at < $3
         AND NOT r.is_deleted AND found.label IS NOT NULL AND %s
       GROUP BY 1
       ORDER BY runs DESC, label COLLATE "C"
       LIMIT %d
      """;

  private final ReadSql read;

  TopSql(ReadSql read) {
    this.read = read;
  }

  /** The templates of a project by how often they were used. */
  Future<List<Map<String, @Nullable Object>>> templates(UUID project, TopQuery query) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.filter());
    String used =
        query.filter().filters().isEmpty()
            ? LabelsSql.kept(scope, Grains.of(query.window()), "template")
            : TEMPLATES_OF_RUNS.formatted(scope.runs());
    String sql = TEMPLATES.formatted(Usage.sums("used"), used, query.limit());
    return read.rows(
        sql,
        scope.values(),
        row -> {
          Map<String, @Nullable Object> template = new LinkedHashMap<>();
          template.put("slug", row.getString("slug"));
          template.put("id", row.getBigDecimal("id"));
          template.put("usageCount", row.getBigDecimal("runs"));
          return Usage.put(template, row);
        });
  }

  /** What the agents at the top of traces used, with all that ran below them. */
  Future<List<Map<String, @Nullable Object>>> agents(UUID project, SeriesQuery query) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.filter());
    String used =
        query.filter().filters().isEmpty()
            ? LabelsSql.kept(scope, Grains.of(query.window()), "agent")
            : agentsOfRuns(scope, query);
    String sql = AGENTS.formatted(Usage.sums("f"), used, MOST);
    return read.rows(
        sql,
        scope.values(),
        row -> {
          Map<String, @Nullable Object> agent = new LinkedHashMap<>();
          agent.put("name", row.getString("name"));
          agent.put("cost", row.getBigDecimal("cost"));
          return Usage.put(agent, row);
        });
  }

  // where the day before begins is told as a value: what is worked out hides it from the planner,
  // which then prepares to read all weeks
  private static String agentsOfRuns(ScopeSql scope, SeriesQuery query) {
    Instant dayBefore = query.window().from().minus(Duration.ofDays(1));
    String begins = scope.argument(ScopeSql.time(dayBefore));
    return AGENTS_OF_RUNS.formatted(scope.filter(), begins);
  }

  /** The languages that evaluators found, by runs. */
  Future<List<Map<String, @Nullable Object>>> languages(UUID project, SeriesQuery query) {
    return judged(project, query, "$.*[*].isoCode", "language", LANGUAGES, "isoCode");
  }

  /** The topics that evaluators found, by runs. */
  Future<List<Map<String, @Nullable Object>>> topics(UUID project, SeriesQuery query) {
    return judged(project, query, "$.*[*][*].topic", "topics", ReadSql.MOST_ROWS, "topic");
  }

  private Future<List<Map<String, @Nullable Object>>> judged(
      UUID project, SeriesQuery query, String path, String evaluator, int limit, String field) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.filter());
    return read.rows(
        JUDGED.formatted(path, evaluator, scope.filter(), limit),
        scope.values(),
        row -> {
          Map<String, @Nullable Object> found = new LinkedHashMap<>();
          found.put(field, row.getString("label"));
          found.put("count", row.getBigDecimal("runs"));
          return found;
        });
  }

  /** Tokens and cost of a group of runs. */
  static final class Usage {
    private Usage() {}

    static String sums(String table) {
      return """
      coalesce(sum(%1$s.prompt_tokens), 0) AS prompt_tokens,
      coalesce(sum(%1$s.completion_tokens), 0) AS completion_tokens,
      coalesce(sum(%1$s.prompt_tokens), 0) + coalesce(sum(%1$s.completion_tokens), 0)
        AS total_tokens,
      coalesce(sum(%1$s.cost), 0) AS cost\
      """
          .formatted(table);
    }

    static Map<String, @Nullable Object> put(Map<String, @Nullable Object> fields, Row row) {
      fields.put("promptTokens", row.getBigDecimal("prompt_tokens"));
      fields.put("completionTokens", row.getBigDecimal("completion_tokens"));
      fields.put("totalTokens", row.getBigDecimal("total_tokens"));
      fields.putIfAbsent("cost", row.getBigDecimal("cost"));
      return fields;
    }
  }
}
