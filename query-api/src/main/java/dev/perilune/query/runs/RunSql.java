package dev.perilune.query.runs;

import dev.perilune.query.runs.RunLookupSql.Found;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Answers the questions about runs: which statements a question takes, and in which order. */
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

  /** Runs as JSON in pieces; the first is read from the same state of the data as the list. */
  Future<Iterator<Future<Buffer>>> list(Caller caller, RunListQuery query) {
    UUID project = caller.requiredProject().value();
    PieceSql.Piece piece =
        (connection, keys) ->
            RunRowSql.rows(connection, project, keys)
                .compose(
                    rows ->
                        RunLinksSql.links(connection, project, rows)
                            .map(links -> RunJson.list(rows, links, query.shortened())));
    return read(
        connection ->
            parents(connection, caller, query)
                .compose(parents -> RunPageSql.page(connection, project, query, parents))
                .compose(keys -> PieceSql.pieces(connection, keys, piece, this::read)));
  }

  /** How many runs a list would show if it had one page. */
  Future<Long> count(Caller caller, RunListQuery query) {
    UUID project = caller.requiredProject().value();
    return read(
        connection ->
            parents(connection, caller, query)
                .compose(parents -> RunPageSql.count(connection, project, query, parents)));
  }

  /** One run of any project of the caller's organisation; fails if there is none. */
  Future<Buffer> one(Caller caller, String id) {
    return read(
        connection ->
            findInOrg(connection, caller, RunId.of(id, caller))
                .map(RunSql::required)
                .compose(found -> row(connection, found))
                .compose(
                    run -> {
                      var links = RunLinksSql.links(connection, run.projectId(), List.of(run));
                      var topmost = RunTreeSql.topmost(connection, run);
                      return Future.all(links, topmost)
                          .map(all -> RunJson.one(run, links.result(), topmost.result()));
                    }));
  }

  /** Feedback of a run of the caller's project as JSON, {@code null} without; fails if no run. */
  Future<Buffer> feedback(Caller caller, String id) {
    UUID project = caller.requiredProject().value();
    return read(
        connection ->
            RunLookupSql.find(connection, List.of(project), RunId.of(id, caller).candidates())
                .map(RunSql::required)
                .compose(found -> row(connection, found))
                .map(run -> run.feedback() == null ? "null" : JsonTexts.compact(run.feedback()))
                .map(Buffer::buffer));
  }

  private static Future<Optional<Found>> findInOrg(
      SqlConnection connection, Caller caller, RunId id) {
    UUID project = caller.requiredProject().value();
    return RunLookupSql.find(connection, List.of(project), id.candidates())
        .compose(
            found ->
                found.isPresent() || caller.org() == null
                    ? Future.succeededFuture(found)
                    : RunLookupSql.siblingProjects(connection, caller.org(), project)
                        .compose(others -> RunLookupSql.find(connection, others, id.candidates())));
  }

  private static Future<List<UUID>> parents(
      SqlConnection connection, Caller caller, RunListQuery query) {
    if (query.parentRunId().isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    UUID project = caller.requiredProject().value();
    RunId id = RunId.of(query.parentRunId().get(), caller);
    return RunLookupSql.find(connection, List.of(project), id.candidates())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(List.of(id.assumed()))
                    : RunLookupSql.knownAs(connection, project, found.get().id()));
  }

  private static Future<RunRow> row(SqlConnection connection, Found found) {
    return RunRowSql.rows(connection, found.project(), List.of(found.key()))
        .map(rows -> rows.get(0));
  }

  private static Found required(Optional<Found> found) {
    return found.orElseThrow(() -> new Problem.NotFound("Run not found"));
  }

  private <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
    return database.inSnapshot(limit, work);
  }
}
