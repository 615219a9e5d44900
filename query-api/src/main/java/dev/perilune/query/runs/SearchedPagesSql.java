package dev.perilune.query.runs;

import dev.perilune.query.filter.SearchText;
import dev.perilune.query.search.Candidate;
import dev.perilune.query.search.RunSearchSql;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pages and counts of lists that may search. What a search has to look at comes from the search
 * index; whether it matches is always told by the condition itself, so the index can only leave out
 * what can't match. Without a search, or where the index is of no use, all runs are looked at.
 */
final class SearchedPagesSql {
  /** Candidates that are looked at together when all of them have to be. */
  private static final int MOST = 20_000;

  private final Duration limit;

  /**
   * @param limit how long a search may take
   */
  SearchedPagesSql(Duration limit) {
    this.limit = limit;
  }

  /** As {@link RunPageSql#page} does. */
  Future<RunPage> page(
      SqlConnection connection,
      RunMatchSql match,
      RunOrder order,
      @Nullable PageEnd after,
      long skip,
      int rows) {
    Supplier<Future<RunPage>> plain =
        () -> RunPageSql.page(connection, match, order, after, skip, rows);
    return searched(
        connection,
        match,
        plain,
        search ->
            order.equals(RunOrder.DEFAULT)
                ? new SearchWalkSql(connection, match, search, after, skip + rows, limit)
                    .walk()
                    .compose(found -> found.isPresent() ? first(found, skip) : plain.get())
                : amongAll(
                    search,
                    plain,
                    all ->
                        CandidatePageSql.page(connection, match, order, after, skip, rows, all)));
  }

  /** As {@link RunPageSql#count} does. */
  Future<Long> count(SqlConnection connection, RunMatchSql match) {
    Supplier<Future<Long>> plain = () -> RunPageSql.count(connection, match);
    return searched(
        connection,
        match,
        plain,
        search -> amongAll(search, plain, all -> CandidatePageSql.count(connection, match, all)));
  }

  /** How many runs the search index does not know yet; empty if that does not matter. */
  Future<Optional<Long>> waiting(SqlConnection connection, RunMatchSql match) {
    return match.filter().requiredSearches().isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : RunSearchSql.waiting(connection, match.project()).map(Optional::of);
  }

  private static <T> Future<T> searched(
      SqlConnection connection,
      RunMatchSql match,
      Supplier<Future<T>> plain,
      Function<RunSearchSql, Future<T>> indexed) {
    Optional<SearchText> longest =
        match.filter().requiredSearches().stream()
            .max(Comparator.comparing(search -> search.text().length()));
    return longest.isEmpty()
        ? plain.get()
        : RunSearchSql.of(connection, match.project(), longest.get().spellings())
            .compose(search -> search.isEmpty() ? plain.get() : indexed.apply(search.get()));
  }

  private static <T> Future<T> amongAll(
      RunSearchSql search, Supplier<Future<T>> plain, Function<List<Candidate>, Future<T>> among) {
    return all(search, new HashSet<>())
        .compose(
            all ->
                search.isCommon() || all.size() > MOST
                    ? plain.get()
                    : among.apply(new ArrayList<>(all)));
  }

  private static Future<Set<Candidate>> all(RunSearchSql search, Set<Candidate> all) {
    if (!search.hasNext() || search.isCommon() || all.size() > MOST) {
      return Future.succeededFuture(all);
    }
    return search
        .next()
        .compose(
            batch -> {
              all.addAll(batch);
              return all(search, all);
            });
  }

  private static Future<RunPage> first(Optional<RunPage> found, long skip) {
    RunPage page = found.orElseThrow();
    int from = (int) Math.min(skip, page.keys().size());
    List<RunKey> keys = page.keys().subList(from, page.keys().size());
    return Future.succeededFuture(new RunPage(keys, keys.isEmpty() ? null : page.end()));
  }
}
