package dev.perilune.standalone.crash;

import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Strikes a cluster as planned. */
final class Chaos {
  private static final int LONGEST_OUTAGE_MILLIS = 2_500;
  private static final int SHORTEST_OUTAGE_MILLIS = 500;
  private static final int MOST_REWOUND = 1_500;

  private final CrashPlan plan;
  private final Cluster cluster;
  private final Books books;
  private final CountDownLatch broken;
  private final Random random;
  private final Map<Strike, Integer> done = new EnumMap<>(Strike.class);
  private long rewound;

  /**
   * @param broken ends it early, when there is nothing left to find out
   */
  Chaos(CrashPlan plan, Cluster cluster, Books books, CountDownLatch broken) {
    this.plan = plan;
    this.cluster = cluster;
    this.books = books;
    this.broken = broken;
    this.random = new Random(plan.seed());
  }

  /** Returns when everything planned has happened and the load has lasted as long as planned. */
  void run() throws Exception {
    List<Strike> strikes = plan.strikes();
    long begun = System.nanoTime();
    long step = plan.length().toNanos() / (strikes.size() + 1);
    long due = begun;
    for (Strike strike : strikes) {
      due += step;
      if (pause(due - System.nanoTime() - random.nextInt((int) Math.min(step, 1_000_000_000)))) {
        return;
      }
      strike(strike);
      done.merge(strike, 1, Integer::sum);
    }
    pause(begun + plan.length().toNanos() - System.nanoTime());
  }

  Map<Strike, Integer> done() {
    return done;
  }

  /** Offsets that were taken back. */
  long rewound() {
    return rewound;
  }

  private void strike(Strike strike) throws Exception {
    switch (strike) {
      case KILL_GATEWAY -> kill(cluster.gateway());
      case KILL_PROCESSOR -> kill(anyProcessor());
      case KILL_QUERY -> kill(cluster.query());
      case STOP_POSTGRES -> {
        cluster.postgres().stop();
        outage();
        cluster.postgres().start();
      }
      case KILL_POSTGRES -> {
        cluster.postgres().kill();
        cluster.postgres().start();
      }
      case STOP_BROKER -> {
        cluster.kafka().stop();
        outage();
        cluster.kafka().start();
      }
      case KILL_BROKER -> {
        cluster.kafka().kill();
        cluster.kafka().start();
      }
      case REWIND -> rewind();
      case ADD_PROCESSORS -> {
        cluster.addProcessor();
        cluster.addProcessor();
      }
      case REMOVE_PROCESSORS -> removeProcessors();
    }
  }

  private void kill(Service service) throws Exception {
    // now and then it has not found its feet yet
    if (random.nextInt(4) > 0) {
      service.awaitReady();
      outage();
    }
    service.killAndStart();
  }

  private Service anyProcessor() {
    return cluster.processors().get(random.nextInt(cluster.processors().size()));
  }

  private void removeProcessors() throws Exception {
    cluster.awaitReady();
    take().kill();
    take().terminate();
  }

  private Service take() {
    return cluster.processors().remove(random.nextInt(cluster.processors().size()));
  }

  private void rewind() throws SQLException {
    rewound += books.rewind(1 + random.nextInt(MOST_REWOUND));
  }

  private void outage() throws InterruptedException {
    int millis =
        SHORTEST_OUTAGE_MILLIS + random.nextInt(LONGEST_OUTAGE_MILLIS - SHORTEST_OUTAGE_MILLIS);
    pause(Duration.ofMillis(millis).toNanos());
  }

  private boolean pause(long nanos) throws InterruptedException {
    return broken.await(nanos, TimeUnit.NANOSECONDS);
  }
}
