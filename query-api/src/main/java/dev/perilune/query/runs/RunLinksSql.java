package dev.perilune.query.runs;

import dev.perilune.query.runs.RunLinks.Score;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Asks once for a page of runs what scores, feedback and messages belong to them. */
public final class RunLinksSql {

  /** The runs asked for under every id that stands for them; others may have kept an older one. */
  static final String KNOWN_AS =
      """
      (SELECT k.id AS run_id, k.id FROM unnest($2::uuid[]) AS k (id)
       UNION
       SELECT a.run_id, a.id FROM run_alias a WHERE a.project_id = $1 AND a.run_id = ANY ($2))\
      """;

  private static final String SCORES =
      """
      SELECT DISTINCT ON (known.run_id, s.label)
             known.run_id, s.label, s.value::text AS value, s.comment
        FROM %s known
        JOIN run_score s ON s.project_id = $1 AND s.run_id = known.id
       ORDER BY known.run_id, s.label, s.updated_at DESC
      """
          .formatted(KNOWN_AS);

  private static final String CHILD_FEEDBACKS =
      """
      SELECT known.run_id,
             '[' || string_agg(coalesce(c.feedback::text, 'null'), ',' ORDER BY c.created_at, c.id)
                 || ']' AS feedbacks
        FROM %s known
        JOIN run c ON c.project_id = $1 AND c.parent_run_id = known.id AND c.type = 'chat'
       GROUP BY known.run_id
      """
          .formatted(KNOWN_AS);

  // the limit on the depth ends a walk around a circle of parents
  private static final String ANCESTOR_FEEDBACKS =
      """
      WITH RECURSIVE up (run_id, feedback, parent_run_id, depth) AS (
        SELECT r.id, nullif(r.feedback, 'null'), coalesce(a.run_id, r.parent_run_id), 1
          FROM run r
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
         WHERE r.project_id = $1 AND r.id = ANY ($2::uuid[])
         UNION ALL
        SELECT up.run_id, nullif(r.feedback, 'null'), coalesce(a.run_id, r.parent_run_id),
               up.depth + 1
          FROM up
          JOIN run r ON r.project_id = $1 AND r.id = up.parent_run_id
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
         WHERE up.feedback IS NULL AND up.depth < 100
      )
      SELECT run_id, feedback::text AS feedback
        FROM up
       WHERE feedback IS NOT NULL
      """;

  private RunLinksSql() {}

  /**
   * Sends every question at once; those that no run of the page can have an answer to are left out.
   */
  public static Future<RunLinks> links(SqlConnection connection, UUID project, List<RunRow> runs) {
    var scores = ask(connection, SCORES, project, runs, run -> true);
    var children = ask(connection, CHILD_FEEDBACKS, project, runs, run -> true);
    var ancestors =
        runs.stream().filter(RunRow::parentThere).map(RunRow::parentRunId).distinct().toList();
    var inherited = ask(connection, ANCESTOR_FEEDBACKS, project, ancestors);
    var threads = ids(runs, RunRow::isThread);
    var conversations = ConversationSql.conversations(connection, project, threads);
    return Future.all(scores, children, inherited, conversations)
        .map(
            all ->
                new RunLinks(
                    scores(scores.result()),
                    texts(children.result(), "feedbacks"),
                    texts(inherited.result(), "feedback"),
                    conversations.result()));
  }

  /** The scores of one run. */
  static Future<List<Score>> scores(SqlConnection connection, UUID project, UUID run) {
    return ask(connection, SCORES, project, List.of(run))
        .map(rows -> scores(rows).getOrDefault(run, List.of()));
  }

  private static Future<List<Row>> ask(
      SqlConnection connection, String sql, UUID project, List<RunRow> runs, Predicate<RunRow> of) {
    return ask(connection, sql, project, ids(runs, of));
  }

  /** The rows for these runs; no run, no question. */
  static Future<List<Row>> ask(
      SqlConnection connection, String sql, UUID project, List<UUID> runs) {
    return runs.isEmpty()
        ? Future.succeededFuture(List.of())
        : connection
            .preparedQuery(sql)
            .execute(Tuple.of(project).addArrayOfUUID(runs.toArray(UUID[]::new)))
            .map(RunLinksSql::list);
  }

  private static List<UUID> ids(List<RunRow> runs, Predicate<RunRow> of) {
    return runs.stream().filter(of).map(RunRow::id).toList();
  }

  private static List<Row> list(RowSet<Row> rows) {
    List<Row> list = new ArrayList<>(rows.size());
    rows.forEach(list::add);
    return list;
  }

  private static Map<UUID, List<Score>> scores(List<Row> rows) {
    Map<UUID, List<Score>> scores = new HashMap<>();
    for (Row row : rows) {
      scores
          .computeIfAbsent(row.getUUID("run_id"), run -> new ArrayList<>())
          .add(new Score(row.getString("label"), row.getString("value"), row.getString("comment")));
    }
    return scores;
  }

  private static Map<UUID, String> texts(List<Row> rows, String column) {
    Map<UUID, String> texts = new HashMap<>();
    rows.forEach(row -> texts.put(row.getUUID("run_id"), row.getString(column)));
    return texts;
  }
}
