package dev.perilune.runtime.edit;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Deletes all that is known of a user: the user at once, the runs with all below them in pieces.
 * What was received before is not stored again by late events or replays; what the same person does
 * later is a new user's.
 */
public final class UserErasure {

  /** Runs of one transaction: no processor stores anything meanwhile. */
  private static final int AT_ONCE = 500;

  private final RunEdits edits;

  public UserErasure(RunEdits edits) {
    this.edits = edits;
  }

  /**
   * Deletes the user and notes that the rest is to be deleted.
   *
   * @param user internal id
   * @param also what belongs to the same transaction
   * @return the erasure to go on with; empty if there is no such user
   */
  public Future<Optional<Long>> begin(
      UUID project, long user, Function<SqlConnection, Future<Void>> also) {
    return edits.inTransaction(
        connection ->
            RunEditSql.closeGate(connection)
                .compose(closed -> UserErasureSql.begin(connection, project, user))
                .compose(
                    erasure ->
                        erasure.isEmpty()
                            ? Future.succeededFuture(erasure)
                            : also.apply(connection).map(erasure)));
  }

  /** Erasures of any project that are not finished, the oldest first. */
  public Future<List<Long>> open() {
    return edits.inTransaction(UserErasureSql::open);
  }

  /**
   * Goes on with an erasure to its end. Two that do so at the same time, or one after a crash, take
   * up what is left.
   */
  public Future<Void> goOn(long erasure) {
    return edits
        .inTransaction(connection -> UserErasureSql.collect(connection, erasure))
        .compose(
            found -> found == 0 ? finish(erasure) : pieces(erasure).compose(all -> goOn(erasure)));
  }

  private Future<Void> pieces(long erasure) {
    return edits
        .inTransaction(
            connection ->
                RunEditSql.closeGate(connection)
                    .compose(closed -> UserErasureSql.piece(connection, erasure, AT_ONCE)))
        .compose(left -> left ? pieces(erasure) : Future.succeededFuture());
  }

  private Future<Void> finish(long erasure) {
    return edits
        .inTransaction(connection -> UserErasureSql.forgetLetters(connection, erasure))
        .compose(
            gone ->
                edits.inTransaction(
                    connection ->
                        RunEditSql.closeGate(connection)
                            .compose(closed -> UserErasureSql.finish(connection, erasure))));
  }
}
