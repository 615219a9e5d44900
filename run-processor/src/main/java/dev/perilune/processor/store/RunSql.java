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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds runs. Rows are locked in the order of their keys, in both tables: a row that had to wait
 * for its lock is read again, and only what is locked is.
 */
public final class RunSql {
  private static final String COLUMNS =
      """
      SELECT r.project_id, r.id, r.created_at, r.ended_at, r.type, r.name, r.status, r.parent_run_id,
             r.parent_type, r.sibling_run_id, r.external_user_id, r.own_user_id,
             r.template_version_id, r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens,
             r.counted, r.cost::text AS cost, r.price_id, r.tags, r.metadata::text AS metadata,
             r.feedback::text AS feedback, r.runtime, r.agent, r.started, r.is_deleted,
             p.fold
      """;

  private static final String NEAR =
      COLUMNS
          + """
              FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
              JOIN run r ON r.project_id = g.project_id AND r.id = g.id
                        AND r.created_at >= $3 AND r.created_at < $4
              JOIN run_payload p ON p.project_id = r.project_id AND p.run_id = r.id
                                AND p.created_at = r.created_at
                                AND p.created_at >= $3 AND p.created_at < $4
             ORDER BY r.project_id, r.id
               FOR UPDATE OF r, p
            """;

  private static final String ANYWHERE =
      COLUMNS
          + """
              FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
              JOIN run r ON r.project_id = g.project_id AND r.id = g.id
              JOIN run_payload p ON p.project_id = r.project_id AND p.run_id = r.id
                                AND p.created_at = r.created_at
             ORDER BY r.project_id, r.id
               FOR UPDATE OF r, p
            """;

  private static final String AT =
      COLUMNS
          + """
              FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g(project_id, id, created_at)
              JOIN run r ON r.project_id = g.project_id AND r.id = g.id
                        AND r.created_at = g.created_at
              JOIN run_payload p ON p.project_id = g.project_id AND p.run_id = g.id
                                AND p.created_at = g.created_at
             ORDER BY r.project_id, r.id
               FOR UPDATE OF r, p
            """;

  private static final String CHILDREN =
      COLUMNS
          + """
              FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
              JOIN run r ON r.project_id = g.project_id AND r.parent_run_id = g.id
              JOIN run_payload p ON p.project_id = r.project_id AND p.run_id = r.id
                                AND p.created_at = r.created_at
             ORDER BY r.project_id, r.id
               FOR UPDATE OF r, p
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

  /** Input, output and parameters of a run, as JSON texts. */
  public record Texts(@Nullable String input, @Nullable String output, @Nullable String params) {}

  /** Runs whose start lies in [from, to), microseconds since 1970; touches those weeks only. */
  public static List<StoredRun> near(
      Tx tx, Collection<RunKey> keys, long fromMicros, long toMicros) {
    if (keys.isEmpty()) {
      return List.of();
    }
    Tuple values =
        keys(keys)
            .addOffsetDateTime(Columns.timeOf(fromMicros))
            .addOffsetDateTime(Columns.timeOf(toMicros));
    return read(tx, NEAR, values);
  }

  /** Runs wherever they are: looks into every week. */
  public static List<StoredRun> anywhere(Tx tx, Collection<RunKey> keys) {
    return keys.isEmpty() ? List.of() : read(tx, ANYWHERE, keys(keys));
  }

  /** Runs at known places. */
  public static List<StoredRun> at(Tx tx, Collection<Place> places) {
    return places.isEmpty() ? List.of() : read(tx, AT, places(places).tuple());
  }

  /** Runs that declare one of these as their parent. */
  public static List<StoredRun> children(Tx tx, Collection<RunKey> parents) {
    return parents.isEmpty() ? List.of() : read(tx, CHILDREN, keys(parents));
  }

  /** Places of runs whose start time does not tell where they are. */
  public static List<Place> strays(Tx tx, Collection<RunKey> keys) {
    List<Place> places = new ArrayList<>();
    if (!keys.isEmpty()) {
      tx.run(STRAYS, keys(keys))
          .forEach(
              row ->
                  places.add(
                      new Place(key(row), Columns.microsOf(row.getOffsetDateTime("created_at")))));
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

  private static RunKey key(Row row) {
    return new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID("id"));
  }

  private static List<StoredRun> read(Tx tx, String sql, Tuple values) {
    List<StoredRun> runs = new ArrayList<>();
    tx.run(sql, values).forEach(row -> runs.add(new StoredRun(row(row), row.getString("fold"))));
    return runs;
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
        row.getBoolean("is_deleted"));
  }
}
