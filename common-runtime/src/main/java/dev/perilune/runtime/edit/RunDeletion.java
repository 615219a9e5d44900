package dev.perilune.runtime.edit;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Deletes runs with everything below them and everything that belongs to them, and remembers their
 * ids so that no event brings them back.
 */
public final class RunDeletion {

  /** Runs of one transaction: no processor stores anything meanwhile. */
  private static final int AT_ONCE = 1000;

  private final RunEdits edits;

  public RunDeletion(RunEdits edits) {
    this.edits = edits;
  }

  /**
   * Deletes a run. What is far below it goes first, in pieces, so that somebody who was interrupted
   * finds the rest where it was.
   *
   * @param candidates ids that the run may have, the likeliest first
   * @param also what belongs to the transaction that deletes the run itself
   * @return the run; empty if there is none
   */
  public Future<Optional<EditedRun>> delete(
      UUID project,
      List<UUID> candidates,
      BiFunction<SqlConnection, EditedRun, Future<Void>> also) {
    return edits
        .inTransaction(connection -> RunDeletionSql.below(connection, project, candidates))
        .compose(below -> deleteBelow(project, below, 0))
        .compose(gone -> edits.inTransaction(c -> deleteTop(c, project, candidates, also)))
        .compose(
            run ->
                run.isEmpty()
                    ? Future.succeededFuture(run)
                    : edits
                        .inTransaction(c -> RunDeletionSql.forgetLetters(c, project, List.of()))
                        .map(run));
  }

  private Future<Void> deleteBelow(UUID project, List<UUID> deepestFirst, int from) {
    if (deepestFirst.size() - from <= AT_ONCE) {
      return Future.succeededFuture();
    }
    List<UUID> piece = deepestFirst.subList(from, from + AT_ONCE);
    return edits
        .inTransaction(
            connection ->
                RunEditSql.closeGate(connection)
                    .compose(closed -> RunDeletionSql.forget(connection, project, piece)))
        .compose(deleted -> deleteBelow(project, deepestFirst, from + AT_ONCE));
  }

  private static Future<Optional<EditedRun>> deleteTop(
      SqlConnection connection,
      UUID project,
      List<UUID> candidates,
      BiFunction<SqlConnection, EditedRun, Future<Void>> also) {
    return RunEditSql.closeGate(connection)
        .compose(closed -> RunEditSql.find(connection, project, candidates))
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(Optional.<EditedRun>empty());
              }
              EditedRun run = new EditedRun(found.get().id(), found.get().type());
              return RunDeletionSql.forget(connection, project, List.of(run.id()))
                  .compose(deleted -> also.apply(connection, run))
                  .map(Optional.of(run));
            });
  }
}
