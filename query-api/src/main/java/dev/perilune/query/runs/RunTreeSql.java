package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Walks from runs to all below them. */
public final class RunTreeSql {

  /** Generations below a run that are looked at; a longer chain of parents is cut there. */
  public static final int MAX_DEPTH = 1000;

  // One row a level, because one index scan with all ids of a level costs far less than a scan
  // for each id in each partition. A run has one parent, so only the roots can be met again.
  private static final String LEVELS =
      """
      WITH RECURSIVE level (depth, ids, starts, total) AS (
        SELECT 0, $2::uuid[], $3::timestamptz[], cardinality($2)::bigint
         UNION ALL
        SELECT level.depth + 1, next.ids, next.starts, level.total + cardinality(next.ids)
          FROM level
         CROSS JOIN LATERAL (
               SELECT array_agg(found.id) AS ids, array_agg(found.created_at) AS starts
                 FROM (SELECT r.id, r.created_at
                         FROM run r
                        WHERE r.project_id = $1 AND r.id <> ALL ($2)
                          AND r.parent_run_id = ANY (level.ids || ARRAY(
                              SELECT a.id
                                FROM run_alias a
                               WHERE a.project_id = $1 AND a.run_id = ANY (level.ids)))
                        LIMIT $4 - level.total) found) next
         WHERE next.ids IS NOT NULL AND level.depth < $5
      ), page AS (
        SELECT level.depth, found.id, found.created_at
          FROM level
         CROSS JOIN LATERAL unnest(level.ids, level.starts) AS found (id, created_at)
      )
      """;

  private static final String KEYS =
      LEVELS
          + """
            SELECT page.depth, page.id, page.created_at, %s AS payload_bytes,
                   coalesce(a.run_id, r.parent_run_id) AS parent_run_id
              FROM page
              JOIN run r
                ON r.project_id = $1 AND r.id = page.id AND r.created_at = page.created_at
              LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
             ORDER BY page.created_at, page.id
            """
              .formatted(RunPageSql.PAYLOAD_BYTES);

  private static final String SKELETON =
      LEVELS
          + """
            SELECT page.depth, r.id, r.created_at, r.ended_at,
                   (r.ended_at - r.created_at)::text AS duration,
                   r.type, r.name, r.status, coalesce(a.run_id, r.parent_run_id) AS parent_run_id,
                   r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens,
                   trim_scale(r.cost)::text AS cost
              FROM page
              JOIN run r
                ON r.project_id = $1 AND r.id = page.id AND r.created_at = page.created_at
              LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = r.parent_run_id
             ORDER BY r.created_at, r.id
            """;

  private RunTreeSql() {}

  /**
   * Runs of one or several trees, by start.
   *
   * @param truncated whether there are more below the roots than these
   */
  public record Tree<T>(List<T> runs, boolean truncated) {}

  /**
   * Where a run of a tree is.
   *
   * @param parentRunId the run that the declared parent id stands for, or that id itself
   */
  public record Place(RunKey key, @Nullable UUID parentRunId) {}

  /** The roots and everything below them; of more than {@code limit} those nearest to the roots. */
  public static Future<Tree<Place>> places(
      SqlConnection connection, UUID project, List<RunKey> roots, int limit) {
    return connection
        .preparedQuery(KEYS)
        .execute(values(project, roots, limit, MAX_DEPTH + 1))
        .map(rows -> tree(rows, limit, RunTreeSql::place));
  }

  /** The roots and their children; of more than {@code limit} some are left out. */
  public static Future<Tree<Place>> children(
      SqlConnection connection, UUID project, List<RunKey> roots, int limit) {
    return connection
        .preparedQuery(KEYS)
        .execute(values(project, roots, limit, 1))
        .map(rows -> tree(rows, limit, RunTreeSql::place));
  }

  /** As {@link #places} of one root, with what a picture of the tree needs to know of each run. */
  static Future<Tree<TraceNode>> skeleton(
      SqlConnection connection, UUID project, RunKey root, int limit) {
    return connection
        .preparedQuery(SKELETON)
        .execute(values(project, List.of(root), limit, MAX_DEPTH + 1))
        .map(rows -> tree(rows, limit, RunTreeSql::node));
  }

  // one run and one generation more than are shown tell whether something is left out
  private static Tuple values(UUID project, List<RunKey> roots, int limit, int depth) {
    return Tuple.of(project)
        .addArrayOfUUID(roots.stream().map(RunKey::id).toArray(UUID[]::new))
        .addArrayOfOffsetDateTime(
            roots.stream().map(RunKey::createdAt).toArray(OffsetDateTime[]::new))
        .addLong(limit + 1L)
        .addInteger(depth);
  }

  private static <T> Tree<T> tree(RowSet<Row> rows, int limit, Function<Row, T> reading) {
    List<Row> kept = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (row.getInteger("depth") <= MAX_DEPTH) {
        kept.add(row);
      }
    }
    if (kept.size() > limit) {
      kept.remove(Collections.max(kept, (a, b) -> a.getInteger("depth") - b.getInteger("depth")));
    }
    return new Tree<>(kept.stream().map(reading).toList(), kept.size() < rows.size());
  }

  private static Place place(Row row) {
    Long bytes = row.getLong("payload_bytes");
    RunKey key =
        new RunKey(
            row.getUUID("id"), row.getOffsetDateTime("created_at"), bytes == null ? 0 : bytes);
    return new Place(key, row.getUUID("parent_run_id"));
  }

  private static TraceNode node(Row row) {
    return new TraceNode(
        row.getInteger("depth"),
        row.getUUID("id"),
        row.getUUID("parent_run_id"),
        row.getString("type"),
        row.getString("name"),
        row.getString("status"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("ended_at"),
        row.getString("duration"),
        new RunRow.Tokens(
            row.getInteger("prompt_tokens"),
            row.getInteger("completion_tokens"),
            row.getInteger("cached_prompt_tokens")),
        row.getString("cost"));
  }
}
