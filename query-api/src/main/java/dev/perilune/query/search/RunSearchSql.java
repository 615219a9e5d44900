package dev.perilune.query.search;

import dev.perilune.model.search.SearchNeedle;
import dev.perilune.query.search.SearchSql.Segment;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
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

  /** Candidates that are looked up together, about; each time twice as many. */
  private static final int FIRST_CANDIDATES = 512;

  private static final int MOST_CANDIDATES = 32_768;

  private final SegmentSearchSql search;
  private final List<Segment> segments;
  private final List<Candidate> queued;
  private final PriorityQueue<Found> found =
      new PriorityQueue<>(Comparator.comparing(Found::lastStart).reversed());
  private boolean begun;
  private boolean commonAmongNewest;
  private int loaded;
  private int batchRuns = FIRST_RUNS;
  private int batchCandidates = FIRST_CANDIDATES;
  private long loadedRuns;
  private long candidates;

  /**
   * Numbers of a segment's runs whose ids nobody has looked up yet, and the latest start of them,
   * or a later one.
   */
  private record Found(long segment, BitSet runs, OffsetDateTime lastStart) {}

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

  /** Whether so many of the runs looked up until now match that all of them are too many. */
  public boolean isCommon() {
    return loadedRuns >= JUDGED_RUNS && candidates > loadedRuns / RARE_ONE_IN;
  }

  /**
   * Whether so many of the newest runs match that a list finds a page of them sooner. A text that
   * only older runs are full of is not common so: the list would read its way to them.
   */
  public boolean isCommonAmongNewest() {
    return commonAmongNewest;
  }

  /** Whether there are further batches. */
  public boolean hasNext() {
    return !begun || !found.isEmpty() || loaded < segments.size();
  }

  /** Starts of the runs of further batches are not after this; null when there are none. */
  public @Nullable OffsetDateTime nextStart() {
    OffsetDateTime unread = loaded < segments.size() ? segments.get(loaded).lastStart() : null;
    if (found.isEmpty()) {
      return unread;
    }
    OffsetDateTime read = found.peek().lastStart();
    return unread == null || read.isAfter(unread) ? read : unread;
  }

  /**
   * The next candidates, each once in a batch and in no order; at first those not indexed. May be
   * empty while there are more.
   */
  public Future<Set<Candidate>> next() {
    Set<Candidate> batch = new LinkedHashSet<>(begun ? List.of() : queued);
    boolean isFirst = !begun;
    begun = true;
    if (!found.isEmpty() && found.peek().lastStart().equals(nextStart())) {
      return candidates(batch);
    }
    List<Segment> some = nextSegments();
    return some.isEmpty()
        ? Future.succeededFuture(batch)
        : search
            .find(some)
            .map(
                numbers -> {
                  note(some, numbers);
                  commonAmongNewest |= isFirst && isCommon() && endsCommon(some, numbers);
                  return batch;
                });
  }

  private void note(List<Segment> some, Map<Long, BitSet> numbers) {
    for (Segment segment : some) {
      BitSet runs = numbers.get(segment.id());
      if (runs != null && !runs.isEmpty()) {
        candidates += runs.cardinality();
        found.add(new Found(segment.id(), runs, segment.lastStart()));
      }
    }
  }

  /** Whether the runs that were indexed last match as often; about, they are the newest. */
  private static boolean endsCommon(List<Segment> some, Map<Long, BitSet> numbers) {
    int judged = 0;
    int hits = 0;
    for (int i = 0; i < some.size() && judged < JUDGED_RUNS; i++) {
      Segment segment = some.get(i);
      int from = Math.max(0, segment.runs() - (JUDGED_RUNS - judged));
      BitSet runs = numbers.getOrDefault(segment.id(), new BitSet());
      judged += segment.runs() - from;
      hits += runs.get(from, segment.runs()).cardinality();
    }
    return hits > judged / RARE_ONE_IN;
  }

  /** The runs of some segments, or the latest of one that has many. */
  private Future<Set<Candidate>> candidates(Set<Candidate> batch) {
    Found first = found.remove();
    int most = batchCandidates;
    batchCandidates = Math.min(2 * most, MOST_CANDIDATES);
    if (first.runs().cardinality() > most) {
      return search
          .latest(first.segment(), first.runs(), most)
          .compose(
              latest -> {
                first.runs().andNot(latest.runs());
                if (latest.lastLeft() != null) {
                  found.add(new Found(first.segment(), first.runs(), latest.lastLeft()));
                }
                return runs(Map.of(first.segment(), latest.runs()), batch);
              });
    }
    Map<Long, BitSet> some = new HashMap<>();
    some.put(first.segment(), first.runs());
    int runs = first.runs().cardinality();
    while (!found.isEmpty() && runs + found.peek().runs().cardinality() <= most) {
      Found next = found.remove();
      some.put(next.segment(), next.runs());
      runs += next.runs().cardinality();
    }
    return runs(some, batch);
  }

  private Future<Set<Candidate>> runs(Map<Long, BitSet> numbers, Set<Candidate> batch) {
    return search
        .runs(numbers)
        .map(
            resolved -> {
              batch.addAll(resolved);
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
