package dev.perilune.benchmarks.bench;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.RefusedBody;
import dev.perilune.model.wire.Topics;
import dev.perilune.processor.pipeline.RunPipeline;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.store.StatisticsSql;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the figures behind charts cost a processor: batches through its pipeline into Postgres, in
 * turn with them and without. Each run of a batch has one of 1,000 users, so nearly all of them are
 * in each batch: the dearest case.
 */
final class FiguresScenario implements Scenario {
  private static final int BODIES = 50;
  private static final int EVENTS_EACH = 100;
  private static final int RUNS = BODIES * EVENTS_EACH / 2;
  private static final int WARMUP = 6;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final EventBodies bodies = new EventBodies(11, EVENTS_EACH);
  private final EventReader reader = new EventReader(EVENTS_EACH);
  private long offset;

  @Override
  public String name() {
    return "figures";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (Lab lab = Lab.withServers(bench.lab(12))) {
      Database database = Database.open(vertx, lab.database(2), new Meters());
      try (Transactions transactions = new Transactions(database, LIMIT)) {
        ModelPrices prices = new ModelPrices(DefaultPrices.rows());
        List<RunPipeline> pipelines =
            List.of(new RunPipeline(() -> prices), RunPipeline.withoutFigures(() -> prices));
        for (boolean together : new boolean[] {true, false}) {
          String what = together ? "start and end in one batch" : "end in a later batch";
          bench.tell(what);
          List<Cost> costs = alternate(bench, database, transactions, pipelines, together);
          report(bench, what, costs.get(0), costs.get(1));
        }
      } finally {
        Waiting.on(database.close());
      }
    } finally {
      Waiting.on(vertx.close());
    }
  }

  /** What batches took: sums of CPU time here and in the database, and the median of the clock. */
  private static final class Cost {
    private final List<Long> clockNanos = new ArrayList<>();
    private long cpuNanos;

    double runsPerSecond() {
      return RUNS * 1e9 / clockNanos.stream().sorted().toList().get(clockNanos.size() / 2);
    }

    double cpuMicrosPerRun() {
      return cpuNanos / 1e3 / RUNS / clockNanos.size();
    }
  }

  /** The cost of storing batches with figures, and without. */
  private List<Cost> alternate(
      Bench bench,
      Database database,
      Transactions transactions,
      List<RunPipeline> pipelines,
      boolean together)
      throws Exception {
    ProcessHandle server = transactions.run(FiguresScenario::server);
    List<Cost> costs = List.of(new Cost(), new Cost());
    long end = 0;
    for (int round = 0; round < WARMUP || System.nanoTime() < end; round++) {
      // as a processor does beside storing; what the planner takes for empty it would read whole
      Waiting.on(StatisticsSql.renew(database));
      if (round == WARMUP) {
        costs = List.of(new Cost(), new Cost());
        end = System.nanoTime() + bench.seconds().toNanos();
      }
      // what comes second finds the caches warm
      for (int turn = 0; turn < pipelines.size(); turn++) {
        int which = (turn + round) % pipelines.size();
        List<List<SourceRecord>> batches = batches(together);
        long cpu = cpuNanos(server);
        long begun = System.nanoTime();
        for (List<SourceRecord> batch : batches) {
          transactions.run(tx -> pipelines.get(which).write(tx, batch));
        }
        costs.get(which).clockNanos.add(System.nanoTime() - begun);
        costs.get(which).cpuNanos += cpuNanos(server) - cpu;
      }
    }
    return costs;
  }

  private static ProcessHandle server(Tx tx) {
    long pid = tx.run("SELECT pg_backend_pid()", Tuple.tuple()).iterator().next().getInteger(0);
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static long cpuNanos(ProcessHandle server) {
    return Stream.of(ProcessHandle.current(), server)
        .mapToLong(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
        .sum();
  }

  private static void report(Bench bench, String what, Cost with, Cost without) {
    String scenario = "pipeline, " + what;
    bench.add(
        Figure.of(scenario, "runs stored, with figures", with.runsPerSecond(), "runs/s")
            .against("the same without figures", without.runsPerSecond()));
    bench.add(
        Figure.of(scenario, "CPU for each run, with figures", with.cpuMicrosPerRun(), "us")
            .against("the same without figures", without.cpuMicrosPerRun()));
  }

  private List<List<SourceRecord>> batches(boolean together) throws RefusedBody {
    List<SourceRecord> starts = new ArrayList<>();
    List<SourceRecord> ends = together ? starts : new ArrayList<>();
    long now = Instant.now().toEpochMilli() * 1000;
    for (int body = 0; body < BODIES; body++) {
      for (IncomingEvent event : reader.read(bodies.next().getBytes())) {
        byte[] value =
            EventEnvelope.encode(
                new ProjectId(Lab.PROJECT),
                now,
                starts.size(),
                List.of(),
                List.of(),
                event.json(),
                event.from(),
                event.length());
        ("start".equals(event.event()) ? starts : ends)
            .add(new SourceRecord(Topics.EVENTS, 0, offset++, value));
      }
    }
    return together ? List.of(starts) : List.of(starts, ends);
  }
}
