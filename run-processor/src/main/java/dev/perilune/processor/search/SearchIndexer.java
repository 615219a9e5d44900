package dev.perilune.processor.search;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.Transactions;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the search index up to what is stored, on a thread and a connection of its own. The ingest
 * path never waits for it: when it is slow or away, the queue grows and searches look further into
 * the queue. While the ingest path is behind, indexing gives way to it, see {@link Pace}.
 */
public final class SearchIndexer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SearchIndexer.class);
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Transactions transactions;
  private final Pace pace;
  private final SearchIndex index;
  private final Counter indexed;
  private final Timer indexing;
  private final Timer merging;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "perilune-search-indexer");
  private volatile long waiting;

  private SearchIndexer(Database database, BooleanSupplier ingestIsBehind, Meters meters) {
    this.pace = new Pace(ingestIsBehind, System::nanoTime);
    this.transactions = new Transactions(database, STATEMENT_LIMIT);
    this.index = new SearchIndex(transactions);
    this.indexed = meters.counter(Meter.SEARCH_INDEXED);
    this.indexing = meters.timer(Meter.SEARCH_SEGMENTS, "for", "new");
    this.merging = meters.timer(Meter.SEARCH_SEGMENTS, "for", "merged");
    meters.gauge(Meter.SEARCH_WAITING, () -> waiting);
  }

  /** Starts; the database may be away. {@code ingestIsBehind} is asked again and again. */
  public static SearchIndexer start(
      Database database, BooleanSupplier ingestIsBehind, Meters meters) {
    SearchIndexer indexer = new SearchIndexer(database, ingestIsBehind, meters);
    indexer.thread.setDaemon(true);
    indexer.thread.start();
    return indexer;
  }

  /** Rolls back what is under way, within a second. */
  @Override
  public void close() {
    stopping.countDown();
    thread.interrupt();
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transactions.close();
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!isStopped(pause)) {
      try {
        pause = pace.isDue() && !turn() ? IDLE : shorter(IDLE, pace.remaining());
      } catch (StoreAway e) {
        log.debug("Not indexing: {}", e.getMessage());
        pause = AFTER_FAILURE;
      } catch (RuntimeException e) {
        if (stopping.getCount() > 0) {
          log.error("Indexing for search failed, trying again in {}", AFTER_FAILURE, e);
        }
        pause = AFTER_FAILURE;
      }
    }
  }

  /** Returns whether there may be more to do. */
  private boolean turn() {
    pace.begin();
    try {
      return work();
    } finally {
      pace.end();
    }
  }

  private boolean work() {
    Map<ProjectId, Long> queued = index.waiting();
    waiting = queued.values().stream().mapToLong(Long::longValue).sum();
    index.forgetful().forEach(index::forget);
    boolean more = false;
    for (Map.Entry<ProjectId, Long> project : queued.entrySet()) {
      if (project.getValue() >= SearchIndex.FEWEST && stopping.getCount() > 0) {
        int runs = indexing.record(() -> index.index(project.getKey()));
        indexed.increment(runs);
        // what came meanwhile makes a larger segment later, and so is merged less often
        more |= project.getValue() > SearchIndex.MOST;
        more |= merging.record(() -> index.merge(project.getKey()));
      }
    }
    return more;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean isStopped(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }
}
