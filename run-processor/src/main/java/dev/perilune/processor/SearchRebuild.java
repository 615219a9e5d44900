package dev.perilune.processor;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.search.SearchIndex;
import dev.perilune.processor.store.Transactions;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the search index anew from the stored runs; blocks, for a command line. */
public final class SearchRebuild implements AutoCloseable {
  private static final Duration STATEMENT_LIMIT = Duration.ofMinutes(10);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(300);
  private static final long CLOSE_SECONDS = 5;

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final Database database;
  private final Transactions transactions;
  private final SearchIndex index;

  public SearchRebuild(PgSettings settings) {
    this.database = Database.open(vertx, settings, meters);
    this.transactions = new Transactions(database, STATEMENT_LIMIT);
    this.index = new SearchIndex(transactions);
  }

  /**
   * Forgets the index of a project and builds it, together with processors that run beside. Until
   * it is done, searches find the latest {@code 20,000} of the runs that wait, and what is indexed.
   *
   * @param project null for all
   * @param waiting hears again and again how many runs wait
   */
  public void run(@Nullable ProjectId project, LongConsumer waiting) throws InterruptedException {
    for (ProjectId each : index.projects()) {
      if (project == null || project.equals(each)) {
        index.queueAll(each);
        rebuild(each, waiting);
      }
    }
  }

  private void rebuild(ProjectId project, LongConsumer waiting) throws InterruptedException {
    long left = left(project);
    while (left > 0) {
      waiting.accept(left);
      if (index.index(project) == 0) {
        // a processor is at it
        TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL.toMillis());
      }
      index.merge(project);
      left = left(project);
    }
    waiting.accept(left);
  }

  private long left(ProjectId project) {
    return index.waiting().getOrDefault(project, 0L);
  }

  @Override
  public void close() {
    transactions.close();
    try {
      database.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
      vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // the process ends anyway
    }
    meters.close();
  }
}
