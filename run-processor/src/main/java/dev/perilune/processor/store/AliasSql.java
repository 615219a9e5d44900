package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.store.RunChange.Place;
import io.vertx.sqlclient.Row;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Other ids of runs, and what was said about ids before anybody knew their run. Both the side that
 * names a run and the side that speaks about an id lock the same row, so neither misses the other.
 */
public final class AliasSql {
  private static final String ENSURE =
      """
      INSERT INTO run_alias (project_id, id)
      SELECT * FROM unnest($1::uuid[], $2::uuid[])
          ON CONFLICT (project_id, id) DO NOTHING
      """;

  private static final String LOCK =
      """
      SELECT a.project_id, a.id, a.run_id, a.run_created_at, a.feedback, a.edits
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
        JOIN run_alias a ON a.project_id = g.project_id AND a.id = g.id
       ORDER BY a.project_id, a.id
         FOR UPDATE OF a
      """;

  private static final String UPDATE =
      """
      UPDATE run_alias a
         SET run_id = g.run_id, run_created_at = g.run_created_at, feedback = g.feedback
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[])
             AS g(project_id, id, run_id, run_created_at, feedback)
       WHERE a.project_id = g.project_id AND a.id = g.id
      """;

  private static final String IDS_OF =
      """
      SELECT a.project_id, a.id, a.run_id
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
        JOIN run_alias a ON a.project_id = g.project_id AND a.run_id = g.id
      """;

  private AliasSql() {}

  /**
   * One id.
   *
   * @param run where the run is that it stands for; {@code null} if none is known
   * @param feedback given to this very id, in the form that the pipeline keeps it in
   * @param edits what people set for this very id, in the same form; never written here
   */
  public record Alias(
      RunKey key, @Nullable Place run, @Nullable String feedback, @Nullable String edits) {

    /** The same id with other feedback, standing for another run. */
    public Alias with(@Nullable Place otherRun, @Nullable String otherFeedback) {
      return new Alias(key, otherRun, otherFeedback, edits);
    }
  }

  /** Locks the rows of these ids that exist. */
  public static Map<RunKey, Alias> lock(Tx tx, Collection<RunKey> keys) {
    Map<RunKey, Alias> aliases = new HashMap<>();
    if (!keys.isEmpty()) {
      tx.run(LOCK, RunSql.keys(keys)).forEach(row -> aliases.put(key(row, "id"), alias(row)));
    }
    return aliases;
  }

  /** Locks the rows of these ids and makes those that are missing. */
  public static Map<RunKey, Alias> lockOrMake(Tx tx, Collection<RunKey> keys) {
    if (!keys.isEmpty()) {
      tx.run(ENSURE, RunSql.keys(keys));
    }
    return lock(tx, keys);
  }

  /** Writes rows that are locked. */
  public static void update(Tx tx, Collection<Alias> aliases) {
    if (aliases.isEmpty()) {
      return;
    }
    List<Alias> ordered = aliases.stream().sorted(Comparator.comparing(Alias::key)).toList();
    tx.run(
        UPDATE,
        Columns.of(ordered)
            .uuid(alias -> alias.key().project().value())
            .uuid(alias -> alias.key().id())
            .uuid(alias -> alias.run() == null ? null : alias.run().key().id())
            .time(alias -> alias.run() == null ? null : alias.run().createdAtMicros())
            .text(Alias::feedback)
            .tuple());
  }

  /** Every id that stands for one of these runs, with that run. */
  public static Map<RunKey, RunKey> idsOf(Tx tx, Collection<RunKey> runs) {
    Map<RunKey, RunKey> ids = new HashMap<>();
    if (!runs.isEmpty()) {
      tx.run(IDS_OF, RunSql.keys(runs)).forEach(row -> ids.put(key(row, "id"), key(row, "run_id")));
    }
    return ids;
  }

  private static RunKey key(Row row, String column) {
    return new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID(column));
  }

  private static Alias alias(Row row) {
    UUID run = row.getUUID("run_id");
    Place place =
        run == null
            ? null
            : new Place(
                key(row, "run_id"), Columns.microsOf(row.getOffsetDateTime("run_created_at")));
    return new Alias(key(row, "id"), place, row.getString("feedback"), row.getString("edits"));
  }
}
