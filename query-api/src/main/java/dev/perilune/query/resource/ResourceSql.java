package dev.perilune.query.resource;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.audit.AuditSql;
import dev.perilune.query.resource.Column.Trait;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a collection, written once at start. Values travel as texts and are cast to the
 * column's type; in each statement {@code $1} is the project or the organisation.
 */
public final class ResourceSql {
  private final Database database;
  private final Resource resource;
  final String list;
  final String read;
  final String create;
  final String patch;
  final String delete;

  public ResourceSql(Database database, Resource resource) {
    this.database = database;
    this.resource = resource;
    this.list = listing(resource);
    this.read =
        "SELECT %s FROM %s WHERE %s = $1 AND id = $2"
            .formatted(resource.row(), resource.table(), resource.owner());
    this.create = creation(resource);
    this.patch = change(resource);
    this.delete =
        "DELETE FROM %s WHERE %s = $1 AND id = $2 RETURNING id, %s"
            .formatted(resource.table(), resource.owner(), resource.row());
  }

  public Resource resource() {
    return resource;
  }

  /** Rows changed last first, as a JSON array. */
  public Future<Buffer> list(
      Caller caller, List<@Nullable String> narrowedTo, int limit, int page) {
    Tuple values = Tuple.of(owner(caller));
    narrowedTo.forEach(values::addString);
    values.addInteger(limit).addLong((long) limit * page);
    return database.query(list, values).map(ResourceSql::array);
  }

  /**
   * One row.
   *
   * @return fails with {@link Problem.NotFound} where the caller has no such row
   */
  public Future<Buffer> read(Caller caller, UUID id) {
    return database.query(read, Tuple.of(owner(caller), id)).map(this::only);
  }

  /** Adds a row of these values and returns it. */
  public Future<Buffer> create(RoutingContext ctx, Map<String, @Nullable String> values) {
    Tuple tuple = Tuple.of(owner(Caller.of(ctx)));
    resource.settable().forEach(column -> tuple.addString(values.get(column.name())));
    return change(ctx, "create", create, tuple).map(this::only);
  }

  /**
   * Sets these values and returns the row.
   *
   * @return fails with {@link Problem.NotFound} where the caller has no such row
   */
  public Future<Buffer> patch(RoutingContext ctx, UUID id, Map<String, @Nullable String> values) {
    Tuple tuple =
        Tuple.of(owner(Caller.of(ctx)), id)
            .addArrayOfString(values.keySet().toArray(String[]::new));
    changeable(resource).forEach(column -> tuple.addString(values.get(column.name())));
    boolean renames = values.size() == 1 && values.containsKey(resource.naming());
    return change(ctx, renames ? "rename" : "update", patch, tuple).map(this::only);
  }

  /** Deletes a row; returns what it was, or null when the caller has no such row. */
  public Future<@Nullable Buffer> delete(RoutingContext ctx, UUID id) {
    return change(ctx, "delete", delete, Tuple.of(owner(Caller.of(ctx)), id))
        .map(rows -> rows.size() == 0 ? null : only(rows));
  }

  /** Runs a statement and writes down that it was, if it changed a row. */
  private Future<RowSet<Row>> change(RoutingContext ctx, String action, String sql, Tuple values) {
    return database.inTransaction(
        connection ->
            connection
                .preparedQuery(sql)
                .execute(values)
                .compose(
                    rows ->
                        rows.size() == 0
                            ? Future.succeededFuture(rows)
                            : AuditSql.write(
                                    connection,
                                    Audit.entry(
                                        ctx,
                                        resource.audited(),
                                        action,
                                        rows.iterator().next().getUUID("id")))
                                .map(rows)));
  }

  /** Rows of a column named {@code json} as a JSON array. */
  public static Buffer array(RowSet<Row> rows) {
    Buffer array = Buffer.buffer("[");
    for (Iterator<Row> row = rows.iterator(); row.hasNext(); ) {
      array.appendString(row.next().getString("json")).appendString(row.hasNext() ? "," : "");
    }
    return array.appendString("]");
  }

  private Buffer only(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw new Problem.NotFound(resource.notFound());
    }
    return Buffer.buffer(rows.iterator().next().getString("json"));
  }

  private UUID owner(Caller caller) {
    return resource.isOfProject() ? caller.requiredProject().value() : caller.requiredOrg();
  }

  private static List<Column> changeable(Resource resource) {
    return resource.settable().stream().filter(column -> !column.is(Trait.FIXED)).toList();
  }

  private static String listing(Resource resource) {
    StringBuilder narrowed = new StringBuilder();
    AtomicInteger next = new AtomicInteger(2);
    resource
        .narrowing()
        .forEach(
            column ->
                narrowed.append(
                    " AND ($%1$d::text IS NULL OR %2$s = $%1$d)"
                        .formatted(next.getAndIncrement(), column.name())));
    return "SELECT %s FROM %s WHERE %s = $1%s ORDER BY %s DESC, id LIMIT $%d OFFSET $%d"
        .formatted(
            resource.row(),
            resource.table(),
            resource.owner(),
            narrowed,
            resource.newestFirst(),
            next.get(),
            next.get() + 1);
  }

  private static String creation(Resource resource) {
    List<String> names = new ArrayList<>(List.of(resource.owner()));
    List<String> values = new ArrayList<>(List.of("$1"));
    for (Column column : resource.settable()) {
      names.add(column.name());
      values.add(cast(values.size() + 1, column));
    }
    return "INSERT INTO %s (%s) VALUES (%s) RETURNING id, %s"
        .formatted(
            resource.table(), String.join(", ", names), String.join(", ", values), resource.row());
  }

  private static String change(Resource resource) {
    List<String> sets = new ArrayList<>();
    for (Column column : changeable(resource)) {
      sets.add(
          "%1$s = CASE WHEN '%1$s' = ANY ($3::text[]) THEN %2$s ELSE %1$s END"
              .formatted(column.name(), cast(sets.size() + 4, column)));
    }
    return "UPDATE %s SET %s, updated_at = now() WHERE %s = $1 AND id = $2 RETURNING id, %s"
        .formatted(resource.table(), String.join(", ", sets), resource.owner(), resource.row());
  }

  private static String cast(int number, Column column) {
    String type = column.kind().sqlType;
    return "$" + number + "::text" + (type.equals("text") ? "" : "::" + type);
  }
}
