package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.model.SpanNames;
import dev.perilune.processor.store.RunChange.Place;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parents, and children that wait for theirs. */
public final class LinkSql {
  // what is kept of a run that has not come (RunRow.isWaiting) is no parent
  private static final String PARENTS_NEAR =
      """
      SELECT r.*
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
       CROSS JOIN LATERAL (
         SELECT r.project_id, r.id, r.type, r.external_user_id, r.agent, r.trace_id,
                CASE WHEN r.trace_id IS NULL THEN r.metadata ->> 'otelTraceId' END AS trace_note
           FROM run r
          WHERE r.project_id = g.project_id AND r.id = g.id
            AND r.created_at >= $3 AND r.created_at < $4
            AND (r.started OR NOT r.is_deleted)
            FOR SHARE) AS r
      """;

  private static final String PARENTS_ANYWHERE =
      """
      SELECT r.*
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
       CROSS JOIN LATERAL (
         SELECT r.project_id, r.id, r.type, r.external_user_id, r.agent, r.trace_id,
                CASE WHEN r.trace_id IS NULL THEN r.metadata ->> 'otelTraceId' END AS trace_note
           FROM run r
          WHERE r.project_id = g.project_id AND r.id = g.id
            AND (r.started OR NOT r.is_deleted)
            FOR SHARE) AS r
      """;

  private static final String BY_ALIAS =
      """
      SELECT a.project_id, a.id, a.run_id, a.run_created_at
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
        JOIN run_alias a ON a.project_id = g.project_id AND a.id = g.id
       WHERE a.run_id IS NOT NULL
       ORDER BY a.project_id, a.id
         FOR SHARE OF a
      """;

  // a child that waits already may have moved: an earlier start was heard of since
  private static final String ADD_ORPHANS =
      """
      INSERT INTO run_orphan AS o (project_id, parent_id, child_id, child_created_at)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])
          ON CONFLICT (project_id, parent_id, child_id)
          DO UPDATE SET child_created_at = excluded.child_created_at
             WHERE o.child_created_at <> excluded.child_created_at
      """;

  private static final String TAKE_ORPHANS =
      """
      DELETE FROM run_orphan o
       USING unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
       WHERE o.project_id = g.project_id AND o.parent_id = g.id
      RETURNING o.project_id, o.parent_id, o.child_id, o.child_created_at
      """;

  // Only who sees the row knows that it is committed: whatever ran beside its transaction, begun
  // before it or later, has a lower number than a transaction that gets its own only now.
  private static final String STAMP =
      """
      UPDATE run_orphan o
         SET xid = pg_current_xact_id()
        FROM (SELECT project_id, parent_id, child_id
                FROM run_orphan
               WHERE NOT settled AND xid = '0'::xid8
                 FOR UPDATE SKIP LOCKED) AS s
       WHERE o.project_id = s.project_id AND o.parent_id = s.parent_id AND o.child_id = s.child_id
      """;

  private static final String UNSETTLED =
      """
      UPDATE run_orphan o
         SET settled = true
        FROM (SELECT project_id, parent_id, child_id
                FROM run_orphan
               WHERE NOT settled AND xid <> '0'::xid8
                 AND xid <= pg_snapshot_xmin(pg_current_snapshot())
               ORDER BY xid
               LIMIT $1
                 FOR UPDATE SKIP LOCKED) AS s
       WHERE o.project_id = s.project_id AND o.parent_id = s.parent_id AND o.child_id = s.child_id
      RETURNING o.project_id, o.parent_id, o.child_id, o.child_created_at
      """;

  /** Under which key of a span's metadata its trace is noted too. */
  public static final String TRACE_NOTE = "otelTraceId";

  private LinkSql() {}

  /** What children need to know of their parent. */
  public record Parent(
      String type, @Nullable Long userId, @Nullable String agent, @Nullable UUID trace) {}

  /** A run whose parent is missing. */
  public record Orphan(RunKey parent, Place child) {}

  /**
   * Finds parents and keeps them from changing until the transaction ends: first those that started
   * in [from, to), then aliases, then everywhere.
   */
  public static Map<RunKey, Parent> parents(
      Tx tx, Collection<RunKey> keys, long fromMicros, long toMicros) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    Map<RunKey, Parent> found =
        parents(tx.run(PARENTS_NEAR, RunSql.keys(keys, fromMicros, toMicros)));
    List<RunKey> missing = missing(keys, found);
    if (!missing.isEmpty()) {
      found.putAll(byAlias(tx, missing));
      missing = missing(keys, found);
    }
    if (!missing.isEmpty()) {
      found.putAll(parents(tx.run(PARENTS_ANYWHERE, RunSql.keys(missing))));
    }
    return found;
  }

  private static List<RunKey> missing(Collection<RunKey> keys, Map<RunKey, Parent> found) {
    return keys.stream().filter(key -> !found.containsKey(key)).toList();
  }

  private static Map<RunKey, Parent> byAlias(Tx tx, Collection<RunKey> keys) {
    Map<RunKey, Place> runs = new HashMap<>();
    for (Row row : tx.run(BY_ALIAS, RunSql.keys(keys))) {
      long createdAt = Columns.microsOf(row.getOffsetDateTime("run_created_at"));
      runs.put(key(row, "id"), new Place(key(row, "run_id"), createdAt));
    }
    Map<RunKey, Parent> found = new HashMap<>();
    if (!runs.isEmpty()) {
      Map<RunKey, Parent> parents = parents(tx.run(PARENTS_NEAR, RunSql.around(runs.values())));
      runs.forEach((alias, run) -> found.computeIfAbsent(alias, name -> parents.get(run.key())));
    }
    return found;
  }

  /** Notes that these children wait. */
  public static void addOrphans(Tx tx, List<Orphan> orphans) {
    if (!orphans.isEmpty()) {
      List<Orphan> ordered =
          orphans.stream()
              .sorted(Comparator.comparing((Orphan orphan) -> orphan.child().key()))
              .toList();
      tx.run(
          ADD_ORPHANS,
          Columns.of(ordered)
              .uuid(orphan -> orphan.parent().project().value())
              .uuid(orphan -> orphan.parent().id())
              .uuid(orphan -> orphan.child().key().id())
              .time(orphan -> orphan.child().createdAtMicros())
              .tuple());
    }
  }

  /** Returns the children that wait for these ids; they wait no longer. */
  public static List<Orphan> takeOrphans(Tx tx, Collection<RunKey> parents) {
    return parents.isEmpty() ? List.of() : orphans(tx.run(TAKE_ORPHANS, RunSql.keys(parents)));
  }

  /**
   * Returns waiting children whose parent may have come in a transaction that ran beside theirs,
   * now that it must have ended; each is returned once.
   */
  public static List<Orphan> takeUnsettled(Tx tx, int limit) {
    tx.run(STAMP, Tuple.tuple());
    return orphans(tx.run(UNSETTLED, Tuple.of(limit)));
  }

  private static Map<RunKey, Parent> parents(RowSet<Row> rows) {
    Map<RunKey, Parent> parents = new HashMap<>();
    for (Row row : rows) {
      parents.put(
          key(row, "id"),
          new Parent(
              row.getString("type"),
              row.getLong("external_user_id"),
              row.getString("agent"),
              trace(row)));
    }
    return parents;
  }

  private static @Nullable UUID trace(Row row) {
    UUID trace = row.getUUID("trace_id");
    return trace != null ? trace : SpanNames.traceId(row.getString("trace_note"));
  }

  private static List<Orphan> orphans(RowSet<Row> rows) {
    List<Orphan> orphans = new ArrayList<>();
    for (Row row : rows) {
      long createdAt = Columns.microsOf(row.getOffsetDateTime("child_created_at"));
      orphans.add(new Orphan(key(row, "parent_id"), new Place(key(row, "child_id"), createdAt)));
    }
    return orphans;
  }

  private static RunKey key(Row row, String column) {
    return new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID(column));
  }
}
