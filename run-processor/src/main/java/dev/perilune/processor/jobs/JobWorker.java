package dev.perilune.processor.jobs;

import dev.perilune.processor.store.JobSql;
import dev.perilune.processor.store.JobSql.Job;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.Transactions;
import dev.perilune.runtime.db.Database;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does jobs, one at a time, on a thread of its own. Every processor has one; which does a job is
 * decided by leases in the database, and a job whose worker died goes on with another.
 */
public final class JobWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(25);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

  /** Keys are believed for a minute at most where the database answers; see ApiKeys. */
  private static final Duration KEYS_LINGER = Duration.ofSeconds(90);

  private static final int RUNS_AT_ONCE = 500;
  private static final int ROWS_AT_ONCE = 2_000;
  private static final long STOP_MILLIS = 1_500;

  private final JobSql jobs = new JobSql(UUID.randomUUID());
  private final ProjectPurge purge = new ProjectPurge(ROWS_AT_ONCE, KEYS_LINGER);
  private final Duration minimumAge;
  private final Transactions transactions;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "perilune-jobs");

  private JobWorker(Database database, Duration priceReload) {
    this.transactions = new Transactions(database, STATEMENT_LIMIT);
    // later than this no processor uses prices from before the job any more
    this.minimumAge = priceReload.plusMillis(500);
  }

  /**
   * Starts looking for work; the database need not be there yet.
   *
   * @param priceReload how old the prices may be that processors use
   */
  public static JobWorker start(Database database, Duration priceReload) {
    JobWorker worker = new JobWorker(database, priceReload);
    worker.thread.start();
    return worker;
  }

  /** Finishes the step at hand or rolls it back, within two seconds; another worker goes on. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(STOP_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isStopping()) {
      try {
        boolean worked = doJob() | purge();
        pause(worked ? Duration.ZERO : LOOK_INTERVAL);
      } catch (StoreAway e) {
        log.info("Jobs wait: {}", e.getMessage());
        pause(RETRY_INTERVAL);
      } catch (RuntimeException e) {
        log.error("Jobs wait", e);
        pause(RETRY_INTERVAL);
      }
    }
    transactions.close();
  }

  private boolean purge() {
    boolean some = false;
    while (!isStopping() && transactions.run(purge::step)) {
      some = true;
    }
    return some;
  }

  private boolean doJob() {
    Job job = claim(minimumAge, Recost.REFRESH);
    job = job == null ? claim(Duration.ZERO, Recost.PREVIEW) : job;
    if (job == null) {
      return false;
    }
    try {
      recost(job);
    } catch (JobLost gone) {
      log.info("Job {} was ended or taken over", job.id());
    }
    return true;
  }

  private @Nullable Job claim(Duration age, String type) {
    return transactions.run(tx -> jobs.claim(tx, age, type));
  }

  private void recost(Job job) {
    log.info("Job {} ({}) {}", job.id(), job.type(), job.state() == null ? "begins" : "goes on");
    try {
      Recost recost = transactions.run(tx -> new Recost(tx, jobs, job, RUNS_AT_ONCE, minimumAge));
      String state = job.state();
      do {
        if (isStopping()) {
          transactions.run(tx -> jobs.release(tx, job));
          return;
        }
        state = nextState(recost, state);
      } while (state != null);
      log.info("Job {} is done, or waits for prices to settle", job.id());
    } catch (StoreAway | JobLost e) {
      throw e;
    } catch (RuntimeException e) {
      log.error("Job {} failed", job.id(), e);
      transactions.run(
          tx -> jobs.failed(tx, job, "Not all runs could be priced; the processor's log says why"));
    }
  }

  /** Tries a step again while it collides with processors. */
  private @Nullable String nextState(Recost recost, @Nullable String state) {
    for (int collisions = 0; ; collisions++) {
      try {
        return transactions.run(tx -> recost.step(tx, state));
      } catch (StoreAway e) {
        if (!e.isCollision() || collisions == 20) {
          throw e;
        }
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause(Duration time) {
    try {
      if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("Stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
