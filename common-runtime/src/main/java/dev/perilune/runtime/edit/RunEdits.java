package dev.perilune.runtime.edit;

import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.edit.RunEditSql.Stored;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Changes and deletes runs beside the processors.
 *
 * <p>Rows are locked in the processors' order: other ids, run, figures. A change to an id that has
 * no run yet, and every deletion, closes the gate that processors pass once a batch: then no batch
 * is under way that could miss it, and the next one sees it.
 */
public final class RunEdits {
  private static final int TRIES = 5;

  /** Serialization failure and deadlock: the same work may succeed at once. */
  private static final Set<String> COLLISIONS = Set.of("40001", "40P01");

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;

  public RunEdits(Database database) {
    this.database = database;
  }

  /**
   * Makes a change.
   *
   * @param candidates ids that the run may have, the likeliest first
   * @param also what belongs to the same transaction
   * @return the run; empty if there is none and the change can't wait for it
   */
  public Future<Optional<EditedRun>> apply(
      UUID project,
      List<UUID> candidates,
      RunEdit edit,
      BiFunction<SqlConnection, EditedRun, Future<Void>> also) {
    return inTransaction(
        connection ->
            edited(connection, project, candidates, edit, TRIES)
                .compose(
                    run ->
                        run.isEmpty()
                            ? Future.succeededFuture(run)
                            : also.apply(connection, run.get()).map(run)));
  }

  /** Runs work that may collide with processors; it must bear being begun again. */
  public <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
    return attempt(work, TRIES);
  }

  private <T> Future<T> attempt(Function<SqlConnection, Future<T>> work, int tries) {
    return database
        .inTransaction(work)
        .recover(
            cause -> {
              String state = cause instanceof PgException refused ? refused.getSqlState() : "";
              if (COLLISIONS.contains(state) && tries > 1) {
                return attempt(work, tries - 1);
              }
              boolean busy = COLLISIONS.contains(state) || LOCK_NOT_AVAILABLE.equals(state);
              return Future.failedFuture(
                  busy ? new Problem.Unavailable("The run is being changed, try again") : cause);
            });
  }

  private static Future<Optional<EditedRun>> edited(
      SqlConnection connection, UUID project, List<UUID> candidates, RunEdit edit, int tries) {
    return RunEditSql.find(connection, project, candidates)
        .compose(
            found ->
                found.isPresent()
                    ? stored(connection, project, candidates, found.get(), edit, tries)
                    : missing(connection, project, candidates, edit, tries));
  }

  private static Future<Optional<EditedRun>> stored(
      SqlConnection connection,
      UUID project,
      List<UUID> candidates,
      Stored run,
      RunEdit edit,
      int tries) {
    return RunEditSql.lock(connection, project, run)
        .compose(
            held -> {
              if (held) {
                return RunEditSql.write(connection, project, run, edit, nowMicros())
                    .map(written -> Optional.of(new EditedRun(run.id(), run.type())));
              }
              // an exchange moved on to its next message, or its start told another time
              return tries > 1
                  ? edited(connection, project, candidates, edit, tries - 1)
                  : Future.failedFuture(new Problem.Unavailable("The run is moving, try again"));
            });
  }

  private static Future<Optional<EditedRun>> missing(
      SqlConnection connection, UUID project, List<UUID> candidates, RunEdit edit, int tries) {
    if (!edit.canWait()) {
      return Future.succeededFuture(Optional.empty());
    }
    if (edit instanceof RunEdit.Score) {
      // reads join scores by id, so no batch can miss one
      return kept(connection, project, candidates, edit);
    }
    return RunEditSql.closeGate(connection)
        .compose(closed -> RunEditSql.find(connection, project, candidates))
        .compose(
            found ->
                found.isPresent()
                    ? stored(connection, project, candidates, found.get(), edit, tries)
                    : kept(connection, project, candidates, edit));
  }

  private static Future<Optional<EditedRun>> kept(
      SqlConnection connection, UUID project, List<UUID> candidates, RunEdit edit) {
    return RunEditSql.isDeleted(connection, project, candidates)
        .compose(
            deleted ->
                deleted
                    ? Future.succeededFuture(Optional.<EditedRun>empty())
                    : RunEditSql.keep(connection, project, candidates, edit, nowMicros())
                        .map(kept -> Optional.of(new EditedRun(candidates.get(0), null))));
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
