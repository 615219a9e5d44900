package dev.perilune.query.runs;

import dev.perilune.query.runs.RunLookupSql.Found;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Answers the questions about one run: which statements a question takes, and in which order. */
final class RunSql {

  private final Database database;
  private final Duration limit;

  /**
   * @param limit how long one statement may take
   */
  RunSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** One run of any project of the caller's organisation; fails if there is none. */
  Future<Buffer> one(Caller caller, String id) {
    return read(
        connection ->
            findInOrg(connection, caller, RunId.of(id, caller))
                .map(RunSql::required)
                .compose(found -> whole(connection, found)));
  }

  /** Sends every question at once. */
  private static Future<Buffer> whole(SqlConnection connection, Found found) {
    var run = row(connection, found);
    var scores = RunLinksSql.scores(connection, found.project(), found.id());
    var ancestry = RunAncestrySql.above(connection, found);
    return Future.all(run, scores, ancestry)
        .map(all -> RunJson.one(run.result(), scores.result(), ancestry.result()));
  }

  /** Feedback of a run of the caller's project as JSON, {@code null} without; fails if no run. */
  Future<Buffer> feedback(Caller caller, String id) {
    UUID project = caller.requiredProject().value();
    return read(
        connection ->
            RunLookupSql.find(connection, project, RunId.of(id, caller).candidates())
                .map(RunSql::required)
                .compose(found -> row(connection, found))
                .map(run -> run.feedback() == null ? "null" : JsonTexts.compact(run.feedback()))
                .map(Buffer::buffer));
  }

  private static Future<Optional<Found>> findInOrg(
      SqlConnection connection, Caller caller, RunId id) {
    UUID project = caller.requiredProject().value();
    return RunLookupSql.find(connection, project, id.candidates())
        .compose(
            found ->
                found.isPresent() || caller.org() == null
                    ? Future.succeededFuture(found)
                    : RunLookupSql.siblingProjects(connection, caller.org(), project)
                        .compose(others -> RunLookupSql.find(connection, others, id.candidates())));
  }

  private static Future<RunRow> row(SqlConnection connection, Found found) {
    return RunRowSql.row(connection, found.project(), found.key());
  }

  private static Found required(Optional<Found> found) {
    return found.orElseThrow(() -> new Problem.NotFound("Run not found"));
  }

  private <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
    return database.inSnapshot(limit, work);
  }
}
