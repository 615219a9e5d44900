package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.pricing.NotedCost;
import dev.perilune.processor.pricing.tokens.TokenUsage;
import dev.perilune.processor.store.RunChange.Place;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads runs by what their cost depends on, and writes costs. */
public final class RecostSql {
  private static final String COLUMNS =
      """
      SELECT r.project_id, r.id, r.created_at, r.ended_at, r.type, r.name, r.status,
             r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens, r.cost::text AS cost,
             r.price_id, r.is_deleted,
             r.metadata ->> 'responseModel' AS response_model,
             r.metadata ->> 'reportedCost' AS reported_cost
      """;

  private static final String PAGE =
      COLUMNS
          + """
            FROM run r
           WHERE r.project_id = $1 AND r.type = $2
             AND r.created_at <= $3 AND (r.created_at, r.id) < ($3, $4)
           ORDER BY r.created_at DESC, r.id DESC
           LIMIT $5
          """;

  private static final String LOCKED = RunSql.lockedNear(COLUMNS);

  private static final String WRITE =
      """
      UPDATE run r
         SET cost = g.cost::numeric, price_id = g.price_id
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[])
             AS g(project_id, id, created_at, cost, price_id)
       WHERE r.project_id = g.project_id AND r.id = g.id AND r.created_at = g.created_at
      """;

  private static final String ROLLUP = "SELECT rollup_add($1, $2, $3)";

  private static final String PROJECTS =
      "SELECT id FROM project WHERE org_id = $1 AND deleted_at IS NULL ORDER BY id";

  private static final String COUNT =
      "SELECT count(*) AS runs FROM run WHERE project_id = ANY ($1) AND type = ANY ($2)";

  private RecostSql() {}

  /**
   * What the cost of a stored run depends on, and what it is. Times are microseconds since 1970.
   *
   * @param deleted whether its texts may be gone
   * @param noted what its metadata says of its cost
   */
  public record Costed(
      Place place,
      @Nullable Long endedAtMicros,
      String type,
      @Nullable String name,
      @Nullable String status,
      TokenUsage usage,
      @Nullable BigDecimal cost,
      @Nullable UUID priceId,
      boolean deleted,
      NotedCost noted) {}

  /** A cost to write; both null for an unknown one. */
  public record NewCost(Place place, @Nullable BigDecimal cost, @Nullable UUID priceId) {}

  public static List<UUID> projects(Tx tx, UUID org) {
    List<UUID> projects = new ArrayList<>();
    tx.run(PROJECTS, Tuple.of(org)).forEach(row -> projects.add(row.getUUID("id")));
    return projects;
  }

  /** How many runs of these types there are. */
  public static long count(Tx tx, List<UUID> projects, List<String> types) {
    Tuple values =
        Tuple.tuple()
            .addArrayOfUUID(projects.toArray(UUID[]::new))
            .addArrayOfString(types.toArray(String[]::new));
    return tx.run(COUNT, values).iterator().next().getLong("runs");
  }

  /** The latest runs before a place, not locked. */
  public static List<Costed> page(Tx tx, UUID project, String type, Place before, int limit) {
    Tuple values =
        Tuple.of(project, type)
            .addOffsetDateTime(Columns.timeOf(before.createdAtMicros()))
            .addUUID(before.key().id())
            .addInteger(limit);
    return read(tx, PAGE, values);
  }

  /** Locks runs in the order of their keys and reads them again; those that moved are left out. */
  public static List<Costed> locked(Tx tx, Collection<Place> places) {
    if (places.isEmpty()) {
      return List.of();
    }
    Set<Place> wanted = Set.copyOf(places);
    return read(tx, LOCKED, RunSql.around(wanted)).stream()
        .filter(run -> wanted.contains(run.place()))
        .toList();
  }

  /** Writes costs of locked runs of one project, and what they change in its figures. */
  public static void write(Tx tx, UUID project, List<NewCost> costs) {
    if (costs.isEmpty()) {
      return;
    }
    UUID[] ids = costs.stream().map(cost -> cost.place().key().id()).toArray(UUID[]::new);
    tx.run(ROLLUP, Tuple.of(-1, project).addArrayOfUUID(ids));
    tx.run(
        WRITE,
        Columns.of(costs)
            .uuid(cost -> cost.place().key().project().value())
            .uuid(cost -> cost.place().key().id())
            .time(cost -> cost.place().createdAtMicros())
            .text(cost -> cost.cost() == null ? null : cost.cost().toPlainString())
            .uuid(NewCost::priceId)
            .tuple());
    tx.run(ROLLUP, Tuple.of(1, project).addArrayOfUUID(ids));
  }

  private static List<Costed> read(Tx tx, String sql, Tuple values) {
    List<Costed> runs = new ArrayList<>();
    tx.run(sql, values).forEach(row -> runs.add(costed(row)));
    return runs;
  }

  private static Costed costed(Row row) {
    String cost = row.getString("cost");
    RunKey key = new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID("id"));
    return new Costed(
        new Place(key, Columns.microsOf(row.getOffsetDateTime("created_at"))),
        row.getOffsetDateTime("ended_at") == null
            ? null
            : Columns.microsOf(row.getOffsetDateTime("ended_at")),
        row.getString("type"),
        row.getString("name"),
        row.getString("status"),
        new TokenUsage(
            row.getInteger("prompt_tokens"),
            row.getInteger("completion_tokens"),
            row.getInteger("cached_prompt_tokens")),
        cost == null ? null : new BigDecimal(cost),
        row.getUUID("price_id"),
        row.getBoolean("is_deleted"),
        new NotedCost(row.getString("response_model"), row.getString("reported_cost")));
  }
}
