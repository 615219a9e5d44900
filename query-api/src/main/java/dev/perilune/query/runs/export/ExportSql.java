package dev.perilune.query.runs.export;

import dev.perilune.query.filter.FilterSql;
import dev.perilune.query.runs.RunKey;
import dev.perilune.query.runs.RunLinksSql;
import dev.perilune.query.runs.RunListQuery;
import dev.perilune.query.runs.RunLookupSql;
import dev.perilune.query.runs.RunPageSql;
import dev.perilune.query.runs.RunRow;
import dev.perilune.query.runs.RunRowSql;
import dev.perilune.query.runs.RunTreeSql;
import dev.perilune.query.runs.TraceSql;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.db.Outage;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;

/**
 * Reads all that an export shows, in one snapshot and piece by piece: a cursor finds the runs, and
 * what is said of them is asked once for each piece. Has a connection of its own, which lives as
 * long as somebody reads.
 */
final class ExportSql {

  // shorter than the two minutes after which the server gives up a silent connection
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(100);
  private static final String QUERY_CANCELED = "57014";
  private static final int ROWS_OF_BATCH = 1000;
  private static final int TREES_OF_BATCH = 100;

  private static final int FIRST_FILTER_ARGUMENT = 2;
  private static final String MATCHING =
      """
      SELECT page.id, page.created_at, %s AS payload_bytes
        FROM (SELECT r.id, r.created_at
                FROM run r
               WHERE r.project_id = $1 AND NOT r.is_deleted AND %s
               ORDER BY %s
              OFFSET $%d) page
      """;

  private final SqlConnection connection;
  private final UUID project;
  private final ExportQuery query;
  private final Queue<List<ExportNode>> pieces = new ArrayDeque<>();
  private Cursor cursor;
  private boolean more = true;
  private boolean truncated;

  private ExportSql(SqlConnection connection, UUID project, ExportQuery query) {
    this.connection = connection;
    this.project = project;
    this.query = query;
  }

  /** Opens a connection and the cursor on it. */
  static Future<ExportSql> open(Database database, Caller caller, ExportQuery query) {
    UUID project = caller.requiredProject().value();
    return database
        .connect()
        .compose(
            connection -> {
              ExportSql export = new ExportSql(connection, project, query);
              return export
                  .begin(caller)
                  .map(export)
                  .recover(cause -> export.close().transform(x -> Future.failedFuture(cause)));
            })
        .recover(ExportSql::sorted);
  }

  /** The runs of the next piece; none at the end. */
  Future<List<ExportItem>> next() {
    List<ExportNode> piece = pieces.poll();
    if (piece != null) {
      // a piece may have nothing but runs that are not shown; only the end is empty
      return items(piece)
          .recover(ExportSql::sorted)
          .compose(items -> items.isEmpty() ? next() : Future.succeededFuture(items));
    }
    return more
        ? fill().recover(ExportSql::sorted).compose(filled -> next())
        : Future.succeededFuture(List.of());
  }

  /** What the caller can wait out, told from a fault of ours. */
  private static <T> Future<T> sorted(Throwable cause) {
    if (cause instanceof PgException refused && QUERY_CANCELED.equals(refused.getSqlState())) {
      return Future.failedFuture(
          new Problem.Unavailable(
              "The next rows took longer than "
                  + STATEMENT_LIMIT.toSeconds()
                  + " s to find; ask for less at a time"));
    }
    return Future.failedFuture(
        Outage.is(cause)
            ? new Problem.Unavailable("The database cannot be reached at the moment")
            : cause);
  }

  /** Whether a tree that was read so far has more runs than are shown. */
  boolean truncated() {
    return truncated;
  }

  /** Stops what the database does for this export, and lets go of the connection. */
  Future<Void> cancel() {
    return PgConnection.cast(connection).cancelRequest().transform(asked -> close());
  }

  Future<Void> close() {
    return connection.close();
  }

  private Future<Void> begin(Caller caller) {
    String rules =
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = "
            + STATEMENT_LIMIT.toMillis();
    return connection
        .query(rules)
        .execute()
        .compose(begun -> parents(caller))
        .compose(this::openCursor)
        .compose(opened -> fill())
        // the cursor's plan knows its values; the many questions of pieces need no plan each
        .compose(
            filled -> connection.query("SET LOCAL plan_cache_mode = force_generic_plan").execute())
        .mapEmpty();
  }

  private Future<List<UUID>> parents(Caller caller) {
    return query.runs().parentRunId().isEmpty()
        ? Future.succeededFuture(List.of())
        : RunLookupSql.parents(connection, caller, query.runs().parentRunId().get());
  }

  private Future<Void> openCursor(List<UUID> parents) {
    RunListQuery runs = query.runs();
    Tuple values = Tuple.of(project);
    FilterSql filter = FilterSql.of(runs.filter(), FIRST_FILTER_ARGUMENT);
    filter.arguments().forEach(values::addValue);
    String condition = filter.sql();
    if (!parents.isEmpty()) {
      values.addArrayOfUUID(parents.toArray(UUID[]::new));
      condition += " AND r.parent_run_id = ANY ($" + values.size() + ")";
    }
    values.addLong(runs.offset());
    String sql =
        MATCHING.formatted(RunPageSql.PAYLOAD_BYTES, condition, runs.order().sql(), values.size());
    return connection
        .prepare(sql)
        .onSuccess(statement -> cursor = statement.cursor(values))
        .mapEmpty();
  }

  private Future<Void> fill() {
    boolean trees = !parts().isEmpty();
    return cursor
        .read(trees ? TREES_OF_BATCH : ROWS_OF_BATCH)
        .compose(
            rows -> {
              more = cursor.hasMore();
              List<RunKey> roots = RunPageSql.keys(rows);
              return trees ? below(roots) : Future.succeededFuture(rows(roots));
            })
        .onSuccess(nodes -> pieces.addAll(RunKey.pieces(nodes, ExportNode::key)))
        .mapEmpty();
  }

  private List<ExportNode> rows(List<RunKey> roots) {
    return ExportNode.inOrder(roots, List.of(), List.of());
  }

  /** These rows with all below them; fewer at a time when they are too many together. */
  private Future<List<ExportNode>> below(List<RunKey> roots) {
    if (roots.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    int most = TraceSql.MAX_TREE;
    var tree =
        query.kind() == ExportKind.THREAD
            ? RunTreeSql.children(connection, project, roots, most)
            : RunTreeSql.places(connection, project, roots, most);
    return tree.compose(
        found -> {
          if (found.truncated() && roots.size() > 1) {
            int half = roots.size() / 2;
            return below(roots.subList(0, half))
                .compose(
                    first ->
                        below(roots.subList(half, roots.size()))
                            .map(second -> joined(first, second)));
          }
          truncated |= found.truncated();
          return Future.succeededFuture(ExportNode.inOrder(roots, found.runs(), parts()));
        });
  }

  private List<Part> parts() {
    return query.format().parts(query.kind());
  }

  private static List<ExportNode> joined(List<ExportNode> first, List<ExportNode> second) {
    List<ExportNode> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }

  private Future<List<ExportItem>> items(List<ExportNode> nodes) {
    List<RunKey> keys = nodes.stream().map(ExportNode::key).distinct().toList();
    return RunRowSql.rows(connection, project, keys)
        .compose(
            rows ->
                RunLinksSql.links(connection, project, rows)
                    .map(
                        links -> {
                          Map<UUID, RunRow> byId = new HashMap<>();
                          rows.forEach(row -> byId.put(row.id(), row));
                          return nodes.stream()
                              .filter(node -> isShown(node, byId))
                              .map(node -> new ExportItem(node, byId.get(node.key().id()), links))
                              .toList();
                        }));
  }

  // of a conversation its exchanges only, not what else names it as its parent
  private boolean isShown(ExportNode node, Map<UUID, RunRow> byId) {
    RunRow row = byId.get(node.key().id());
    return row != null
        && (query.kind() != ExportKind.THREAD || node.depth() == 0 || row.type().equals("chat"));
  }
}
