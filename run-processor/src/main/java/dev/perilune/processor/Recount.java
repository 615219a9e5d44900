package dev.perilune.processor;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.store.RecountSql;
import dev.perilune.processor.store.RecountSql.Difference;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts the runs again and compares the figures with them, or mends the figures. Processors may
 * run meanwhile and wait for nothing: each day is compared in one snapshot, and mended by adding
 * what it is off by. Blocks, for a command line; a day may take an hour.
 */
public final class Recount implements AutoCloseable {
  private static final Duration DAY_LIMIT = Duration.ofHours(1);
  private static final long CLOSE_SECONDS = 5;
  private static final int TRIES = 5;
  private static final int MOST_OF_A_KIND = 5;

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final Database database;
  private final Transactions transactions;

  public Recount(PgSettings settings) {
    this.database = Database.open(vertx, settings, meters);
    this.transactions = new Transactions(database, DAY_LIMIT);
  }

  /** Hears how it goes, from the thread that runs it. */
  public interface Listener {
    /** A project is next. */
    void project(ProjectId project);

    /** A day is done, with so many figures that were off. */
    void day(Instant day, long off);

    /** The totals of a project's users are done, with so many that were off. */
    void users(long off);

    /** A figure that is off; of many, the first. */
    void difference(String place, String off);
  }

  /**
   * Compares.
   *
   * @param only null for all projects
   * @return how many projects were looked at
   * @throws StoreAway if the database is away
   */
  public int verify(@Nullable ProjectId only, Listener listener) {
    return each(
        only,
        listener,
        (tx, project, day) ->
            told(listener, RecountSql.differences(tx, project, day, MOST_OF_A_KIND)),
        (tx, project) -> told(listener, RecountSql.usersOff(tx, project, MOST_OF_A_KIND)));
  }

  /**
   * Mends.
   *
   * @param only null for all projects
   * @return how many projects were looked at
   * @throws StoreAway if the database is away
   */
  public int mend(@Nullable ProjectId only, Listener listener) {
    return each(only, listener, RecountSql::mend, RecountSql::mendUsers);
  }

  private interface DayStep {
    long run(Tx tx, ProjectId project, long dayMicros);
  }

  private interface ProjectStep {
    long run(Tx tx, ProjectId project);
  }

  private int each(
      @Nullable ProjectId only, Listener listener, DayStep ofDay, ProjectStep ofProject) {
    List<ProjectId> projects = inTransaction(tx -> RecountSql.projects(tx, only));
    for (ProjectId project : projects) {
      listener.project(project);
      Long day = nextDay(project, null);
      while (day != null) {
        long begin = day;
        long off = inTransaction(tx -> ofDay.run(tx, project, begin));
        listener.day(Instant.EPOCH.plus(begin, ChronoUnit.MICROS), off);
        day = nextDay(project, begin);
      }
      listener.users(inTransaction(tx -> ofProject.run(tx, project)));
    }
    return projects.size();
  }

  private @Nullable Long nextDay(ProjectId project, @Nullable Long after) {
    return inTransaction(tx -> RecountSql.nextDay(tx, project, after));
  }

  private static long told(Listener listener, List<Difference> differences) {
    differences.forEach(each -> listener.difference(each.place(), each.off()));
    return differences.size();
  }

  private <T> T inTransaction(Function<Tx, T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return transactions.run(work);
      } catch (StoreAway e) {
        if (tries == TRIES || !e.isCollision()) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    transactions.close();
    try {
      database.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
      // by itself: a chain would wait for an event loop that this ends
      vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // the process ends anyway
    }
    meters.close();
  }
}
