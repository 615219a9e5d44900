package dev.perilune.query.analytics;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the agents at the top of traces used, with all that ran below them. */
final class AgentSql {

  static final int MOST = 100;

  // Only the filters of the root are asked: what ran below it belongs to it. UNION drops what was
  // met before, so circles end and a run counts once for each agent's name.
  private static final String AGENTS =
      """
      WITH RECURSIVE below AS MATERIALIZED (
        SELECT r.id, coalesce(a.run_id, r.parent_run_id) AS parent_id, r.prompt_tokens,
               r.completion_tokens, r.cost
          FROM run r
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
         WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
           AND NOT r.is_deleted AND r.parent_run_id IS NOT NULL
      ), tree (name, id, prompt_tokens, completion_tokens, cost) AS (
        SELECT r.name, r.id, r.prompt_tokens, r.completion_tokens, r.cost
      %s AND r.type IN ('agent', 'chain')
           AND (r.parent_run_id IS NULL OR r.parent_type IS NULL OR r.parent_type = 'chat')
         UNION
        SELECT tree.name, below.id, below.prompt_tokens, below.completion_tokens, below.cost
          FROM tree
          JOIN below ON below.parent_id = tree.id)
      SELECT name, coalesce(sum(cost), 0) AS cost,
             coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
             coalesce(sum(completion_tokens), 0) AS completion_tokens,
             coalesce(sum(prompt_tokens), 0) + coalesce(sum(completion_tokens), 0)
               AS total_tokens
        FROM tree
       GROUP BY name
       ORDER BY total_tokens DESC, cost DESC, name COLLATE "C" NULLS LAST
      """;

  private final ReadSql read;

  AgentSql(ReadSql read) {
    this.read = read;
  }

  /** The agents with the most tokens. */
  Future<List<Map<String, @Nullable Object>>> top(UUID project, SeriesQuery query) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.conditions());
    String sql = "SELECT * FROM (" + AGENTS.formatted(scope.runs()) + " LIMIT " + MOST + ") top";
    return read.rows(sql, scope.values(), AgentSql::agent);
  }

  private static Map<String, @Nullable Object> agent(Row row) {
    Map<String, @Nullable Object> agent = new LinkedHashMap<>();
    agent.put("name", row.getString("name"));
    agent.put("cost", row.getBigDecimal("cost"));
    return TopSql.sums(agent, row);
  }
}
