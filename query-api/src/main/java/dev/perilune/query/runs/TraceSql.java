package dev.perilune.query.runs;

import dev.perilune.query.runs.RunLookupSql.Found;
import dev.perilune.query.runs.RunTreeSql.Place;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Answers the questions about a run and all below it. */
public final class TraceSql {

  /** Runs of one tree that are shown; of a larger one those nearest to its root. */
  public static final int MAX_TREE = 20_000;

  private static final int NODES_OF_PIECE = 1000;

  private final Database database;
  private final Duration limit;

  /**
   * @param limit how long one statement may take
   */
  TraceSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /**
   * A tree as JSON in pieces.
   *
   * @param root the run that was asked for; null for an unknown one
   * @param truncated whether the tree has more runs than these
   */
  record Shown(@Nullable UUID root, int runs, boolean truncated, Iterator<Future<Buffer>> pieces) {

    static final Shown NOTHING = new Shown(null, 0, false, List.<Future<Buffer>>of().iterator());
  }

  /** A run of the caller's project and all below it whole; nothing for an unknown id. */
  Future<Shown> related(Caller caller, String id) {
    UUID project = caller.requiredProject().value();
    return read(
        connection ->
            find(connection, caller, id)
                .compose(
                    found ->
                        found.isEmpty()
                            ? Future.succeededFuture(Shown.NOTHING)
                            : related(connection, project, found.get().key())));
  }

  /** The same without texts but with sums; fails for an unknown id. */
  Future<Shown> skeleton(Caller caller, String id) {
    UUID project = caller.requiredProject().value();
    return read(
        connection ->
            find(connection, caller, id)
                .map(found -> found.orElseThrow(() -> new Problem.NotFound("Run not found")).key())
                .compose(
                    root ->
                        RunTreeSql.skeleton(connection, project, root, MAX_TREE)
                            .map(tree -> shown(root.id(), tree))));
  }

  private Future<Shown> related(SqlConnection connection, UUID project, RunKey root) {
    return RunTreeSql.places(connection, project, List.of(root), MAX_TREE)
        .compose(
            tree -> {
              UUID orphan = orphan(tree.runs(), root.id());
              List<RunKey> keys = tree.runs().stream().map(Place::key).toList();
              PieceSql.Piece piece =
                  (reader, some) ->
                      RunRowSql.rows(reader, project, some).map(rows -> RunJson.tree(rows, orphan));
              return PieceSql.pieces(connection, keys, piece, this::read)
                  .map(pieces -> new Shown(root.id(), keys.size(), tree.truncated(), pieces));
            });
  }

  private static Shown shown(UUID root, RunTreeSql.Tree<TraceNode> tree) {
    List<TraceNode> nodes = tree.runs();
    Map<UUID, TraceSums> sums = TraceSums.of(nodes);
    // a run that lies below itself would be a tree without a root
    UUID orphan =
        nodes.stream().anyMatch(node -> node.depth() == 0 && sums.containsKey(node.parentRunId()))
            ? root
            : null;
    Iterator<Future<Buffer>> pieces =
        IntStream.iterate(0, from -> from < nodes.size(), from -> from + NODES_OF_PIECE)
            .mapToObj(from -> nodes.subList(from, Math.min(from + NODES_OF_PIECE, nodes.size())))
            .map(piece -> Future.succeededFuture(TraceJson.nodes(piece, sums, orphan)))
            .iterator();
    return new Shown(root, nodes.size(), tree.truncated(), pieces);
  }

  // the same for a tree that is read whole
  private static @Nullable UUID orphan(List<Place> places, UUID root) {
    Set<UUID> ids = new HashSet<>();
    places.forEach(place -> ids.add(place.key().id()));
    return places.stream()
        .filter(place -> place.key().id().equals(root) && ids.contains(place.parentRunId()))
        .map(place -> root)
        .findFirst()
        .orElse(null);
  }

  private static Future<Optional<Found>> find(SqlConnection connection, Caller caller, String id) {
    UUID project = caller.requiredProject().value();
    return RunLookupSql.find(connection, project, RunId.of(id, caller).candidates());
  }

  private <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
    return database.inSnapshot(limit, work);
  }
}
