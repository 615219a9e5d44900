package dev.perilune.benchmarks.generate;

import dev.perilune.runtime.config.PgSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Fills a project. Hour by hour, several writers at a time; what an hour holds depends on the plan
 * alone, so the result is the same for any number of them.
 */
public final class Generator {
  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final long TELL_MILLIS = 1_000;

  private final PgSettings database;
  private final GeneratePlan plan;
  private final int writers;
  private final Words words = new Words();
  private final Models models = new Models();
  private final Hours hours;
  private final AtomicInteger nextHour = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();

  public Generator(PgSettings database, GeneratePlan plan, int writers) {
    this.database = database;
    this.plan = plan;
    this.writers = writers;
    this.hours = new Hours(plan);
  }

  /**
   * Writes all runs, then has Postgres look at its tables.
   *
   * @param progress hears about every second how many runs are written
   * @throws IllegalStateException if the project does not exist or has runs of this plan already
   */
  public void run(LongConsumer progress)
      throws SQLException, InterruptedException, ExecutionException {
    List<Long> users;
    try (Connection connection = connect()) {
      ProjectSql.prepare(connection, plan);
      users = ProjectSql.addUsers(connection, plan);
      connection.commit();
    }
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        running.add(threads.submit(writer(users)));
      }
      threads.shutdown();
      while (!threads.awaitTermination(TELL_MILLIS, TimeUnit.MILLISECONDS)) {
        progress.accept(written.get());
      }
      for (Future<Void> writer : running) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    progress.accept(written.get());
    try (Connection connection = connect()) {
      ProjectSql.finish(connection, plan);
    }
  }

  private Callable<Void> writer(List<Long> users) {
    return () -> {
      try (Connection connection = connect()) {
        int hour = nextHour.getAndIncrement();
        while (hour < plan.hours()) {
          hour(connection, hour, users);
          hour = nextHour.getAndIncrement();
        }
      }
      return null;
    };
  }

  private void hour(Connection connection, int hour, List<Long> users)
      throws SQLException, IOException {
    Random random = random(hour);
    RunTables tables = new RunTables(connection, plan.project(), models);
    Stories stories = new Stories(random, new RunMaker(random, words, models, users), tables);
    long start = Times.micros(plan.from()) + hour * MICROS_PER_HOUR;
    int runs = hours.runs(hour);
    int told = 0;
    while (told < runs) {
      // one after the other in time, as they would have come
      long at = start + (MICROS_PER_HOUR - 1) * told / runs;
      int story = stories.tell(at, runs - told);
      told += story;
      written.addAndGet(story);
      tables.flushIfLarge();
    }
    if (hour == plan.hours() / 2 && plan.largestTrace() > 0) {
      stories.largeTrace(start, plan.largestTrace());
      written.addAndGet(plan.largestTrace());
    }
    tables.flush();
  }

  private Random random(int hour) {
    return new Random(plan.seed() * 1_000_003 + hour * 7_919L);
  }

  private Connection connect() throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    connection.setAutoCommit(false);
    return connection;
  }
}
