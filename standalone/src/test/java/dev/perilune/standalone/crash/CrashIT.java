package dev.perilune.standalone.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.standalone.Backlog;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every part in a process of its own, all of them struck at random while a load with a known
 * outcome runs. {@link CrashPlan} has the properties that make it last longer.
 */
class CrashIT {
  private static final int CLIENTS = 4;
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(5);
  private static final Duration SETTLE_LIMIT = Duration.ofMinutes(1);

  @TempDir Path dir;

  private final CrashPlan plan = CrashPlan.ofProperties();
  private final Ledger ledger = new Ledger();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch broken = new CountDownLatch(1);

  @Test
  void nothingIsLostAndNothingDoubledWhateverBreaks() throws Exception {
    Instant begun = Instant.now();
    Path logs = Files.createDirectories(Path.of("target", "crash", "seed-" + plan.seed()));
    System.out.println("Crash test with seed " + plan.seed() + ", logs in " + logs);
    try (Cluster cluster = new Cluster(dir, logs)) {
      Books books = new Books(cluster.database());
      Chaos chaos = new Chaos(plan, cluster, books, broken);
      long read = underLoad(cluster, chaos);
      cluster.awaitReady();
      new Backlog(cluster.database(), cluster.kafka().address()).awaitNone(CATCH_UP_LIMIT);
      awaitLinks(books);

      Audit audit = new Audit(ledger, books, cluster.toQuery());
      List<String> faults = audit.faults();
      String report =
          new CrashReport(plan, chaos, ledger, audit, books, read)
              .text(Duration.between(begun, Instant.now()));
      System.out.println(report);
      Files.writeString(logs.resolve("report.txt"), report);
      assertEquals(List.of(), faults, String.join("\n", faults));
      replayChangesNothing(cluster, books);
    }
  }

  private static void replayChangesNothing(Cluster cluster, Books books) throws Exception {
    List<Books.Row> runs = sorted(books.runs());
    List<String> figures = books.figures();
    assertTrue(books.rewind(Integer.MAX_VALUE) > 0);
    new Backlog(cluster.database(), cluster.kafka().address()).awaitNone(CATCH_UP_LIMIT);
    awaitLinks(books);
    assertEquals(runs, sorted(books.runs()));
    assertEquals(figures, books.figures());
  }

  private static List<Books.Row> sorted(List<Books.Row> runs) {
    return runs.stream().sorted(Comparator.comparing(Books.Row::id)).toList();
  }

  private long underLoad(Cluster cluster, Chaos chaos) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
    try {
      List<Future<Void>> clients = new ArrayList<>();
      PeriluneTester gateway = cluster.toGateway();
      AtomicInteger chapters = new AtomicInteger();
      AtomicLong posted = new AtomicLong();
      Instant tales = Instant.now().minus(6, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);
      for (int i = 0; i < CLIENTS; i++) {
        LoadClient client = new LoadClient(plan, gateway, ledger, chapters, posted, stop, tales);
        clients.add(threads.submit(guarded(client)));
      }
      Watcher watcher = new Watcher(cluster.toQuery(), ledger, new Random(plan.seed()), stop);
      Future<Long> watched = threads.submit(guarded(watcher));
      chaos.run();
      stop.countDown();
      for (Future<Void> client : clients) {
        client.get();
      }
      return watched.get();
    } finally {
      stop.countDown();
      threads.shutdownNow();
    }
  }

  /** Ends the strikes as soon as there is something to tell. */
  private <T> Callable<T> guarded(Callable<T> task) {
    return () -> {
      try {
        return task.call();
      } catch (Exception | Error e) {
        broken.countDown();
        throw e;
      }
    };
  }

  private static void awaitLinks(Books books) throws Exception {
    Eventually.get(
        "every child has its parent",
        SETTLE_LIMIT,
        () -> books.orphans() == 0 ? Optional.of(true) : Optional.empty());
  }
}
