package dev.perilune.query.search;

import dev.perilune.model.search.SearchNeedle;
import dev.perilune.query.search.SearchSql.Segment;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Narrows a search down to runs that may match, so that not every run's texts have to be read. What
 * comes back is more than what matches, never less: the caller asks the database of each candidate.
 *
 * <p>Runs that are not indexed yet are candidates as they are, up to {@link #MOST_QUEUED}.
 */
public final class RunSearchSql {

  /** So many runs that wait for the index are looked at; of more only the latest. */
  public static final int MOST_QUEUED = 5_000;

  /**
   * A text in more than one of so many runs is common: a list over all runs finds a page of them
   * sooner than the index does.
   */
  private static final int RARE_ONE_IN = 25;

  private static final int JUDGED_RUNS = 1_000;
  private static final int FIRST_RUNS = 65_536;

  private final SegmentSearchSql search;
  private final List<Segment> segments;
  private final List<Candidate> queued;
  private boolean begun;
  private int loaded;
  private int batchRuns = FIRST_RUNS;
  private long loadedRuns;
  private long candidates;

  private RunSearchSql(SegmentSearchSql search, List<Segment> segments, List<Candidate> queued) {
    this.search = search;
    this.segments = segments;
    this.queued = queued;
  }

  /**
   * Begins a search.
   *
   * @param spellings of which one must be in the texts of a run
   * @return empty if the index can't tell anything: it is empty, or the text has no word
   */
  public static Future<Optional<RunSearchSql>> of(
      SqlConnection connection, UUID project, List<String> spellings) {
    var folded = SearchSql.folded(connection, spellings);
    var segments = SearchSql.segments(connection, project);
    var queued = SearchSql.queued(connection, project, MOST_QUEUED);
    return Future.all(folded, segments, queued)
        .map(
            all -> {
              List<SearchNeedle> needles = folded.result().stream().map(SearchNeedle::of).toList();
              boolean isBlind = needles.stream().anyMatch(needle -> needle.parts().isEmpty());
              // a project without segments has few runs, or is being indexed anew
              return isBlind || segments.result().isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      new RunSearchSql(
                          new SegmentSearchSql(connection, project, needles),
                          segments.result(),
                          queued.result()));
            });
  }

  /** How many runs of a project are not indexed yet. */
  public static Future<Long> waiting(SqlConnection connection, UUID project) {
    return SearchSql.waiting(connection, project);
  }

  /** Whether so many runs match that the index is of no use; known after the first batch. */
  public boolean isCommon() {
    return loadedRuns >= JUDGED_RUNS && candidates > loadedRuns / RARE_ONE_IN;
  }

  /** Whether there are further batches. */
  public boolean hasNext() {
    return !begun || loaded < segments.size();
  }

  /** Starts of the runs of further batches are not after this; null when there are none. */
  public @Nullable OffsetDateTime nextStart() {
    return loaded < segments.size() ? segments.get(loaded).lastStart() : null;
  }

  /** The next candidates, each once in a batch and in no order; at first those not indexed. */
  public Future<Set<Candidate>> next() {
    Set<Candidate> batch = new LinkedHashSet<>(begun ? List.of() : queued);
    begun = true;
    List<Segment> some = nextSegments();
    return some.isEmpty()
        ? Future.succeededFuture(batch)
        : search.find(some).compose(found -> runs(found, batch));
  }

  private Future<Set<Candidate>> runs(Map<Long, BitSet> found, Set<Candidate> batch) {
    candidates += found.values().stream().mapToLong(BitSet::cardinality).sum();
    if (isCommon()) {
      return Future.succeededFuture(batch);
    }
    return search
        .runs(found)
        .map(
            runs -> {
              batch.addAll(runs);
              return batch;
            });
  }

  private List<Segment> nextSegments() {
    List<Segment> some = new ArrayList<>();
    int runs = 0;
    while (loaded < segments.size() && (some.isEmpty() || runs < batchRuns)) {
      Segment segment = segments.get(loaded++);
      some.add(segment);
      runs += segment.runs();
    }
    loadedRuns += runs;
    batchRuns = Math.min(batchRuns * 2, 1 << 24);
    return some;
  }
}
