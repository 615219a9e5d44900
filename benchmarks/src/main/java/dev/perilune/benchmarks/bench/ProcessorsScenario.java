package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.bench.HttpLoad.Call;
import dev.perilune.benchmarks.bench.HttpLoad.Plan;
import dev.perilune.benchmarks.bench.Lab.Service;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Processors alone: a backlog that lies in Kafka, stored by 1, 2 and 4 processors from 1 and from
 * 12 partitions, beside a bare COPY and a bare upsert of the same rows. Tells how often a processor
 * waited for a lock of another, and how much memory one of them took.
 */
final class ProcessorsScenario implements Scenario {
  private static final List<Integer> PARTITIONS = List.of(12, 1);
  private static final List<Integer> PROCESSORS = List.of(1, 2, 4);
  private static final int EVENTS_EACH = 100;
  private static final int CONNECTIONS = 16;
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(30);
  private static final Duration FILL_ROUND = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "processors";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    for (int partitions : PARTITIONS) {
      try (Lab lab = Lab.withServers(bench.lab(partitions));
          Connection connection = lab.connect()) {
        lab.stop(lab.start("processor")); // makes the offset rows
        long events = fill(bench, lab);
        List<Drain> drains = new ArrayList<>();
        for (int processors : PROCESSORS) {
          if (processors <= partitions) {
            bench.tell(partitions + " partitions, " + processors + " processors");
            BacklogSql.forget(connection, Backlog.ends(lab.kafka()));
            drains.add(drain(lab, connection, processors, events));
          }
        }
        bench.tell("COPY and upsert of the same rows");
        BareRows bare = BareRows.measure(connection);
        drains.forEach(drain -> report(bench, partitions, drain, bare));
      }
    }
  }

  /**
   * One backlog stored.
   *
   * @param lockWaits share of the looks at which a processor waited for another's lock
   * @param residentBytes the most that one processor held
   */
  private record Drain(
      int processors, double runsPerSecond, double lockWaits, long residentBytes, long runs) {}

  private static long fill(Bench bench, Lab lab) throws Exception {
    bench.tell("filling the topic");
    Service gateway = lab.start("gateway");
    EventBodies bodies = new EventBodies(7, EVENTS_EACH);
    String url = gateway.url() + "/v1/runs/ingest";
    long events = 0;
    while (events < bench.backlogEvents()) {
      HttpLoad.run(
          new Plan(
              () -> Call.post(url, "application/json", bodies.next()),
              body -> true,
              0,
              CONNECTIONS,
              Duration.ZERO,
              FILL_ROUND));
      events = Backlog.events(lab.kafka());
    }
    lab.stop(gateway);
    return events;
  }

  private static Drain drain(Lab lab, Connection connection, int processors, long events)
      throws Exception {
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < processors; i++) {
      services.add(lab.start("processor"));
    }
    BacklogSql.rewind(connection);
    // the first records also pay for compiling
    Wait.until("first quarter", DRAIN_LIMIT, () -> stored(connection, events / 4));
    long begun = System.nanoTime();
    long from = BacklogSql.stored(connection);
    int[] looks = new int[2];
    long[] resident = new long[1];
    Wait.until(
        "backlog stored",
        DRAIN_LIMIT,
        () -> {
          looks[0]++;
          looks[1] += BacklogSql.lockWaits(connection);
          resident[0] = Math.max(resident[0], services.get(0).process().residentBytes());
          return stored(connection, events);
        });
    double seconds = (System.nanoTime() - begun) / 1e9;
    services.forEach(lab::stop);
    double runs = (events - from) / 2.0;
    return new Drain(
        processors,
        runs / seconds,
        (double) looks[1] / (looks[0] * processors),
        resident[0],
        events / 2);
  }

  private static Optional<Boolean> stored(Connection connection, long events) {
    return BacklogSql.stored(connection) >= events ? Optional.of(true) : Optional.empty();
  }

  private static void report(Bench bench, int partitions, Drain drain, BareRows bare) {
    String scenario =
        String.format(Locale.ROOT, "%d processors, %d partitions", drain.processors(), partitions);
    bench.add(
        Figure.of(scenario, "runs stored (start + end)", drain.runsPerSecond(), "runs/s")
            .against("upsert of the same rows", bare.upsertPerSecond()));
    bench.add(
        Figure.of(scenario, "runs stored, against COPY", drain.runsPerSecond(), "runs/s")
            .against("COPY of the same rows", bare.copyPerSecond()));
    bench.add(Figure.of(scenario, "waiting for locks", drain.lockWaits() * 100, "% of looks"));
    bench.add(Figure.of(scenario, "memory of one processor", drain.residentBytes() / 1e6, "MB"));
    bench.add(Figure.of(scenario, "backlog", drain.runs() * 2.0, "events"));
  }
}
