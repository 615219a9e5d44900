package dev.perilune.query.runs;

import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the questions about lists of runs: their pages, how long they are, who stands where. */
final class RunListSql {

  private final Database database;
  private final Duration limit;
  private final SearchedPagesSql pages;
  private final PageEnds ends = new PageEnds();

  /**
   * @param limit how long one statement may take
   */
  RunListSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
    this.pages = new SearchedPagesSql(limit);
  }

  /**
   * One page.
   *
   * @param runs as JSON in pieces
   * @param next where the page after it begins; null on the last one
   * @param total how many runs the list has, where that cost nothing to know
   * @param waiting for a search, how many runs the search index does not know yet
   */
  record Listed(
      Iterator<Future<Buffer>> runs,
      @Nullable String next,
      @Nullable Long total,
      @Nullable Long waiting) {}

  /** The runs beside one in a list; null at an end, and both for a run that is not in it. */
  record Neighbors(@Nullable UUID previous, @Nullable UUID next) {
    static final Neighbors NONE = new Neighbors(null, null);
  }

  /** A page; its first piece is read from the same state of the data as the list. */
  Future<Listed> list(Caller caller, RunListQuery query) {
    return matching(
        caller,
        query,
        (connection, match) ->
            page(connection, match, query)
                .compose(
                    page -> {
                      var waiting = pages.waiting(connection, match);
                      var runs =
                          PieceSql.pieces(connection, page.keys(), piece(match, query), this::read);
                      return Future.all(waiting, runs)
                          .map(all -> listed(runs.result(), page, query, waiting.result()));
                    }));
  }

  /** How many runs a list would show if it had one page. */
  Future<Long> count(Caller caller, RunListQuery query) {
    return matching(caller, query, pages::count);
  }

  /** Who stands before and after the run that an id of the caller's project stands for. */
  Future<Neighbors> neighbors(Caller caller, String id, RunListQuery query) {
    UUID project = caller.requiredProject().value();
    RunId runId = RunId.of(id, caller);
    return matching(
        caller,
        query,
        (connection, match) ->
            RunLookupSql.find(connection, project, runId.candidates())
                .compose(
                    found ->
                        found.isEmpty()
                            ? Future.succeededFuture(Neighbors.NONE)
                            : neighbors(connection, match, query.order(), found.get().key())));
  }

  private Future<Neighbors> neighbors(
      SqlConnection connection, RunMatchSql match, RunOrder order, RunKey run) {
    return RunPageSql.place(connection, match, order, run)
        .compose(
            place -> {
              if (place.isEmpty()) {
                return Future.succeededFuture(Neighbors.NONE);
              }
              PageEnd end = place.get();
              var later = pages.page(connection, match, order, end, 0, 1);
              var earlier = pages.page(connection, match, order.reversed(), end, 0, 1);
              return Future.all(later, earlier)
                  .map(both -> new Neighbors(first(later.result()), first(earlier.result())));
            });
  }

  private static @Nullable UUID first(RunPage page) {
    return page.keys().isEmpty() ? null : page.keys().get(0).id();
  }

  private Future<RunPage> page(SqlConnection connection, RunMatchSql match, RunListQuery query) {
    Optional<PageEnd> known = query.after().or(() -> ends.before(match, query));
    long skip = known.isPresent() ? 0 : query.offset();
    return pages
        .page(connection, match, query.order(), known.orElse(null), skip, query.limit())
        .onSuccess(
            page -> {
              if (page.end() != null && query.after().isEmpty()) {
                ends.remember(match, query, page.end());
              }
            });
  }

  private static Listed listed(
      Iterator<Future<Buffer>> runs, RunPage page, RunListQuery query, Optional<Long> waiting) {
    int shown = page.keys().size();
    boolean last = shown < query.limit();
    boolean counted = last && query.after().isEmpty() && (shown > 0 || query.page() == 0);
    return new Listed(
        runs,
        last || page.end() == null ? null : page.end().cursor(query.order()),
        counted ? Long.valueOf(query.offset() + shown) : null,
        waiting.orElse(null));
  }

  private static PieceSql.Piece piece(RunMatchSql match, RunListQuery query) {
    return (connection, keys) ->
        RunRowSql.rows(connection, match.project(), keys)
            .compose(
                rows ->
                    RunLinksSql.links(connection, match.project(), rows)
                        .map(links -> RunJson.list(rows, links, query.shortened())));
  }

  private <T> Future<T> matching(
      Caller caller, RunListQuery query, BiFunction<SqlConnection, RunMatchSql, Future<T>> work) {
    UUID project = caller.requiredProject().value();
    return read(
        connection ->
            parents(connection, caller, query)
                .map(parents -> new RunMatchSql(project, query.filter(), parents))
                .compose(match -> work.apply(connection, match)));
  }

  private static Future<List<UUID>> parents(
      SqlConnection connection, Caller caller, RunListQuery query) {
    return query.parentRunId().isEmpty()
        ? Future.succeededFuture(List.of())
        : RunLookupSql.parents(connection, caller, query.parentRunId().get());
  }

  private <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
    return database.inSnapshot(limit, work);
  }
}
