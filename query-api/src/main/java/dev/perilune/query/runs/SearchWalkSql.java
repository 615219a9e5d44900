package dev.perilune.query.runs;

import dev.perilune.query.search.Candidate;
import dev.perilune.query.search.RunSearchSql;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at candidates, newest first, until a page is full. Candidates come in batches whose times
 * may overlap, so only those that are later than everything still to come are looked at.
 */
final class SearchWalkSql {
  private static final int FIRST_LOOK = 256;
  private static final int LARGEST_LOOK = 8192;

  private final SqlConnection connection;
  private final RunMatchSql match;
  private final RunSearchSql search;
  private final @Nullable PageEnd after;
  private final @Nullable OffsetDateTime latest;
  private final long wanted;
  private final Duration limit;
  private final long startedNanos = System.nanoTime();
  private final TreeSet<Candidate> waiting = new TreeSet<>(Candidate.NEWEST_FIRST);
  private final List<RunKey> found = new ArrayList<>();
  private @Nullable PageEnd end;
  private int look = FIRST_LOOK;

  /**
   * @param after where to begin; null for the newest
   * @param wanted how many runs are enough
   */
  SearchWalkSql(
      SqlConnection connection,
      RunMatchSql match,
      RunSearchSql search,
      @Nullable PageEnd after,
      long wanted,
      Duration limit) {
    this.connection = connection;
    this.match = match;
    this.search = search;
    this.after = after;
    this.latest = after == null ? null : OffsetDateTime.parse(String.valueOf(after.value()));
    this.wanted = wanted;
    this.limit = limit;
  }

  /** The runs that match; empty if so many new ones may that looking at all runs is quicker. */
  Future<Optional<RunPage>> walk() {
    if (System.nanoTime() - startedNanos > limit.toNanos()) {
      throw new Problem.Unavailable(
          "The search took longer than " + limit.toMillis() + " ms; ask for less at a time");
    }
    List<Candidate> next = next();
    if (found.size() >= wanted || next.isEmpty() && !search.hasNext()) {
      return Future.succeededFuture(Optional.of(new RunPage(found, end)));
    }
    return next.isEmpty() ? load() : look(next);
  }

  private Future<Optional<RunPage>> load() {
    return search
        .next()
        .compose(
            batch -> {
              if (search.isCommonAmongNewest()) {
                return Future.succeededFuture(Optional.empty());
              }
              batch.stream()
                  .filter(candidate -> latest == null || !candidate.start().isAfter(latest))
                  .forEach(waiting::add);
              return walk();
            });
  }

  private Future<Optional<RunPage>> look(List<Candidate> next) {
    look = Math.min(2 * look, LARGEST_LOOK);
    int rows = (int) Math.min(wanted - found.size(), next.size());
    return CandidatePageSql.page(connection, match, RunOrder.DEFAULT, after, 0, rows, next)
        .compose(
            page -> {
              found.addAll(page.keys());
              end = page.end() == null ? end : page.end();
              return walk();
            });
  }

  /** The newest of those that nothing which is still to come can be newer than. */
  private List<Candidate> next() {
    OffsetDateTime toCome = search.nextStart();
    List<Candidate> next = new ArrayList<>();
    while (next.size() < look
        && !waiting.isEmpty()
        && (toCome == null || waiting.first().start().isAfter(toCome))) {
      next.add(waiting.pollFirst());
    }
    return next;
  }
}
