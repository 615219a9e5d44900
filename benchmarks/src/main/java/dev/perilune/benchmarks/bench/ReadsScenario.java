package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.BenchmarksMain;
import dev.perilune.benchmarks.bench.HttpLoad.Call;
import dev.perilune.benchmarks.bench.HttpLoad.Plan;
import dev.perilune.benchmarks.bench.HttpLoad.Result;
import dev.perilune.benchmarks.bench.Lab.Service;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Reads on many stored runs, each by the clock; beside a bare select by primary key. */
final class ReadsScenario implements Scenario {
  private static final Duration FILL_LIMIT = Duration.ofHours(3);
  private static final int SAMPLE_IDS = 2_000;
  private static final int CONNECTIONS = 8;
  private static final int SIGNIFICANT_DIGITS = 3;

  @Override
  public String name() {
    return "reads";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    try (Lab lab = Lab.withServers(bench.lab(12));
        Connection connection = lab.connect()) {
      fill(bench, lab);
      Service query = lab.start("query");
      ReadSamples samples = ReadSamples.of(connection, SAMPLE_IDS);
      bench.add(
          Figure.of(stored(bench), "disk of a run, all in", samples.bytesPerRun(), "bytes")
              .target("< 2,000"));
      samples.bytesByTable().forEach((table, bytes) -> addDisk(bench, table, bytes));
      double bareP99 = bareSelect(lab.database(CONNECTIONS), samples.runs(), bench.seconds());
      for (ReadQuestion question : ReadQuestion.all(samples)) {
        measure(bench, query, question, bareP99);
      }
      bench.add(
          Figure.of(
              stored(bench),
              "memory of the query API",
              query.process().residentBytes() / 1e6,
              "MB"));
    }
  }

  private static void fill(Bench bench, Lab lab) throws Exception {
    bench.tell("filling " + bench.runs() + " runs");
    lab.run(
        BenchmarksMain.class.getName(),
        FILL_LIMIT,
        List.of(
            "generate",
            "--runs",
            Long.toString(bench.runs()),
            "--project",
            Lab.PROJECT.toString()));
    bench.tell("counting figures");
    lab.run("recount");
    bench.tell("indexing texts");
    lab.run("index");
  }

  private static void measure(Bench bench, Service query, ReadQuestion question, double bareP99)
      throws InterruptedException {
    bench.tell(question.name());
    Result result =
        HttpLoad.run(
            new Plan(
                () -> Call.get(query.url() + question.next()),
                question::isRight,
                question.perSecond(),
                CONNECTIONS,
                bench.warmup().dividedBy(2),
                bench.seconds()));
    Figure p99 =
        Figure.of(stored(bench), question.name() + ", p99", result.p99(), "ms")
            .target(question.target());
    bench.add(question.isById() ? p99.against("bare select by key, p99", bareP99) : p99);
    bench.add(Figure.of(stored(bench), question.name() + ", p50", result.p50(), "ms"));
    bench.add(Figure.of(stored(bench), question.name() + ", p95", result.p95(), "ms"));
    if (result.wrong() > 0) {
      bench.add(
          Figure.of(stored(bench), question.name() + ", wrong", result.wrong(), "answers")
              .target("0"));
    }
  }

  private static String stored(Bench bench) {
    return "reads at " + Figure.text(bench.runs()) + " runs";
  }

  private static void addDisk(Bench bench, String table, double bytes) {
    bench.add(Figure.of(stored(bench), "disk of a run: " + table, bytes, "bytes"));
  }

  /** One select after the other by whole primary key, through the pool that the services use. */
  private static double bareSelect(PgSettings settings, List<UUID> runs, Duration measured)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    Database database = Database.open(vertx, settings, new Meters());
    Histogram micros = new Histogram(SIGNIFICANT_DIGITS);
    String sql =
        """
        SELECT r.*, p.*
          FROM run r
          JOIN run_payload p ON (p.project_id, p.run_id, p.created_at)
                              = (r.project_id, r.id, r.created_at)
         WHERE r.project_id = $1 AND r.id = $2
        """;
    Random random = new Random(1);
    List<UUID> ids = new ArrayList<>(runs);
    long warm = System.nanoTime() + measured.toNanos() / 4;
    long end = warm + measured.toNanos();
    while (System.nanoTime() < end) {
      long begun = System.nanoTime();
      UUID id = ids.get(random.nextInt(ids.size()));
      Future<?> found = database.query(sql, Tuple.of(Lab.PROJECT, id));
      Waiting.on(found);
      if (begun > warm) {
        micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
      }
    }
    Waiting.on(database.close());
    Waiting.on(vertx.close());
    return micros.getValueAtPercentile(99) / 1e3;
  }
}
