package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.store.RunChange.Place;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds runs. Their narrow rows are locked in the order of their keys; whoever changes a wide row
 * locks its narrow one first, so that is read afterwards, without a lock.
 *
 * <p>Each key is looked up for itself: as long as a week is young its statistics are wrong, and a
 * join that relies on them reads all of it.
 *
 * <p>No statement that locks may leave it to its joins which weeks it looks into. Postgres (18.6)
 * looks again at a row that it had to wait for, but only into the weeks that it chose for another
 * row, and then says that there is none. Bounds given as values do no harm.
 */
public final class RunSql {
  private static final String COLUMNS =
      """
      SELECT r.project_id, r.id, r.created_at, r.ended_at, r.type, r.name, r.status, r.parent_run_id,
             r.parent_type, r.sibling_run_id, r.external_user_id, r.own_user_id,
             r.template_version_id, r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens,
             r.counted, r.cost::text AS cost, r.price_id, r.tags, r.metadata::text AS metadata,
             r.feedback::text AS feedback, r.runtime, r.agent, r.started, r.is_deleted,
             r.trace_id
      """;

  private static final String NEAR = lockedNear(COLUMNS);

  private static final String ANYWHERE =
      """
      SELECT r.*
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
       CROSS JOIN LATERAL (
      %s
         FROM run r
        WHERE r.project_id = g.project_id AND r.id = g.id
          FOR UPDATE) AS r
      """
          .formatted(COLUMNS);

  private static final String CHILDREN =
      """
      SELECT r.project_id, r.id
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
       CROSS JOIN LATERAL (
         SELECT r.project_id, r.id
           FROM run r
          WHERE r.project_id = g.project_id AND r.parent_run_id = g.id
         OFFSET 0) AS r
      """;

  private static final String FOLDS =
      """
      SELECT p.project_id, p.run_id AS id, p.created_at, p.fold
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g(project_id, id, created_at)
        JOIN run_payload p ON p.project_id = g.project_id AND p.run_id = g.id
                          AND p.created_at = g.created_at
      """;

  private static final String STRAYS =
      """
      SELECT s.project_id, s.id, s.created_at
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
        JOIN run_stray s ON s.project_id = g.project_id AND s.id = g.id
      """;

  private static final String TEXTS =
      """
      SELECT g.project_id, g.id, p.input, p.output, p.params
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g(project_id, id, created_at)
        JOIN run_payload p ON p.project_id = g.project_id AND p.run_id = g.id
                          AND p.created_at = g.created_at
      """;

  private RunSql() {}

  /**
   * Locks runs, $1 their projects and $2 their ids, that start from $3 to before $4.
   *
   * @param columns of {@code run r}, from SELECT on
   */
  static String lockedNear(String columns) {
    return """
        SELECT r.*
          FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
         CROSS JOIN LATERAL (
        %s
           FROM run r
          WHERE r.project_id = g.project_id AND r.id = g.id
            AND r.created_at >= $3 AND r.created_at < $4
            FOR UPDATE) AS r
        """
        .formatted(columns);
  }

  /** Input, output and parameters of a run, as JSON texts. */
  public record Texts(@Nullable String input, @Nullable String output, @Nullable String params) {}

  /** Runs whose start lies in [from, to), microseconds since 1970; touches those weeks only. */
  public static List<StoredRun> near(
      Tx tx, Collection<RunKey> keys, long fromMicros, long toMicros) {
    if (keys.isEmpty()) {
      return List.of();
    }
    return read(tx, NEAR, keys(keys, fromMicros, toMicros));
  }

  /** Runs wherever they are: looks into every week. */
  public static List<StoredRun> anywhere(Tx tx, Collection<RunKey> keys) {
    return keys.isEmpty() ? List.of() : read(tx, ANYWHERE, keys(keys));
  }

  /** Runs at known places. */
  public static List<StoredRun> at(Tx tx, Collection<Place> places) {
    if (places.isEmpty()) {
      return List.of();
    }
    Set<Place> wanted = Set.copyOf(places);
    return read(tx, NEAR, around(wanted)).stream()
        .filter(run -> wanted.contains(run.place()))
        .toList();
  }

  /** Runs that declare one of these as their parent. */
  public static List<StoredRun> children(Tx tx, Collection<RunKey> parents) {
    if (parents.isEmpty()) {
      return List.of();
    }
    Set<RunKey> wanted = Set.copyOf(parents);
    Set<RunKey> children = new HashSet<>();
    tx.run(CHILDREN, keys(wanted)).forEach(row -> children.add(key(row)));
    return anywhere(tx, children).stream()
        .filter(run -> run.row().parentId() != null && wanted.contains(run.row().parentKey()))
        .toList();
  }

  /** Places of runs whose start time does not tell where they are. */
  public static List<Place> strays(Tx tx, Collection<RunKey> keys) {
    List<Place> places = new ArrayList<>();
    if (!keys.isEmpty()) {
      tx.run(STRAYS, keys(keys)).forEach(row -> places.add(place(row)));
    }
    return places;
  }

  /** The stored texts of these runs, for counting tokens. */
  public static Map<RunKey, Texts> texts(Tx tx, Collection<Place> places) {
    Map<RunKey, Texts> texts = new HashMap<>();
    if (!places.isEmpty()) {
      tx.run(TEXTS, places(places).tuple())
          .forEach(
              row ->
                  texts.put(
                      key(row),
                      new Texts(
                          row.getString("input"),
                          row.getString("output"),
                          row.getString("params"))));
    }
    return texts;
  }

  static Columns<Place> places(Collection<Place> places) {
    return Columns.of(List.copyOf(places))
        .uuid(place -> place.key().project().value())
        .uuid(place -> place.key().id())
        .time(Place::createdAtMicros);
  }

  static Tuple keys(Collection<RunKey> keys) {
    return Columns.of(keys.stream().sorted().toList())
        .uuid(key -> key.project().value())
        .uuid(RunKey::id)
        .tuple();
  }

  /** The same, and two times: from the first microsecond to the one to stop before. */
  static Tuple keys(Collection<RunKey> keys, long fromMicros, long toMicros) {
    return keys(keys)
        .addOffsetDateTime(Columns.timeOf(fromMicros))
        .addOffsetDateTime(Columns.timeOf(toMicros));
  }

  /** The keys of these places, and the times between which they lie. */
  static Tuple around(Collection<Place> places) {
    LongSummaryStatistics times =
        places.stream().mapToLong(Place::createdAtMicros).summaryStatistics();
    Set<RunKey> keys = places.stream().map(Place::key).collect(Collectors.toSet());
    return keys(keys, times.getMin(), times.getMax() + 1);
  }

  private static RunKey key(Row row) {
    return new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID("id"));
  }

  private static List<StoredRun> read(Tx tx, String sql, Tuple values) {
    List<RunRow> rows = new ArrayList<>();
    tx.run(sql, values).forEach(row -> rows.add(row(row)));
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Place, String> folds = new HashMap<>();
    List<Place> places =
        rows.stream().map(row -> new Place(row.key(), row.createdAtMicros())).toList();
    tx.run(FOLDS, places(places).tuple())
        .forEach(row -> folds.put(place(row), row.getString("fold")));
    List<StoredRun> runs = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      // a project that is being purged loses its wide rows first
      if (folds.containsKey(places.get(i))) {
        runs.add(new StoredRun(rows.get(i), folds.get(places.get(i))));
      }
    }
    return runs;
  }

  private static Place place(Row row) {
    return new Place(key(row), Columns.microsOf(row.getOffsetDateTime("created_at")));
  }

  private static RunRow row(Row row) {
    String cost = row.getString("cost");
    String[] tags = row.getArrayOfStrings("tags");
    return new RunRow(
        key(row),
        Columns.microsOf(row.getOffsetDateTime("created_at")),
        row.getOffsetDateTime("ended_at") == null
            ? null
            : Columns.microsOf(row.getOffsetDateTime("ended_at")),
        row.getString("type"),
        row.getString("name"),
        row.getString("status"),
        row.getUUID("parent_run_id"),
        row.getString("parent_type"),
        row.getUUID("sibling_run_id"),
        row.getLong("external_user_id"),
        row.getLong("own_user_id"),
        row.getInteger("template_version_id"),
        row.getInteger("prompt_tokens"),
        row.getInteger("completion_tokens"),
        row.getInteger("cached_prompt_tokens"),
        row.getInteger("counted"),
        cost == null ? null : new BigDecimal(cost),
        row.getUUID("price_id"),
        tags == null ? null : Arrays.asList(tags),
        row.getString("metadata"),
        row.getString("feedback"),
        row.getString("runtime"),
        row.getString("agent"),
        row.getBoolean("started"),
        row.getBoolean("is_deleted"),
        row.getUUID("trace_id"));
  }
}
