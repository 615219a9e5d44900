package dev.perilune.benchmarks.bench;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.io.IOException;
import java.nio.file.Path;
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
  private static final Duration LOAD_LIMIT = Duration.ofMinutes(10);

  /** Half of what is to be sustained with nobody reading. */
  private static final int INGEST_RATE = 5_000;

  /**
   * Share of the time that answers may take one after the other; a question that takes more would
   * queue up behind itself, so it is asked one at a time.
   */
  private static final double MOST_BUSY = 0.7;

  /** Share of the machine below which the generator need not be told of. */
  private static final double NOTABLE_CPU = 0.1;

  private static final int INGEST_WARMUP_SECONDS = 10;
  private static final int SAMPLE_IDS = 2_000;
  private static final int CONNECTIONS = 8;
  private static final int WARM_UP_CONNECTIONS = 2;

  /** As long as it takes until the answers of a new process get no faster. */
  private static final Duration WARM_UP = Duration.ofSeconds(8);

  private static final int SIGNIFICANT_DIGITS = 3;

  @Override
  public String name() {
    return "reads";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    try (Lab lab = lab(bench);
        Connection connection = lab.connect()) {
      if (ReadSamples.isEmpty(connection)) {
        fill(bench, lab);
      }
      ReadSamples samples = ReadSamples.of(connection, SAMPLE_IDS);
      if (bench.question().isEmpty()) {
        disk(bench, samples);
      }
      double bareP99 = bareSelect(lab.database(CONNECTIONS), samples.runs(), bench.seconds());
      Service query = lab.start("query");
      warmUp(bench, query, ReadQuestion.all(samples));
      ask(bench, query, stored(bench), ReadQuestion.all(samples), bareP99);
      ChartQuestions charts = new ChartQuestions();
      String dashboard = "default dashboard at " + Figure.text(bench.runs()) + " runs";
      ask(bench, query, dashboard, charts.dashboard(), bareP99);
      ask(bench, query, dashboard, charts.filteredDashboard(), bareP99);
      ask(bench, query, dashboard, charts.halfHourZone(), bareP99);
      if (bench.question().isEmpty()) {
        ExportedRuns.measure(bench, query, stored(bench));
      }
      bench.add(
          Figure.of(
              stored(bench),
              "memory of the query API",
              query.process().residentBytes() / 1e6,
              "MB"));
      lab.stop(query);
      List<ReadQuestion> beside = chosen(bench, ReadQuestion.underIngest(samples));
      if (!beside.isEmpty()) {
        underIngest(bench, lab, beside, bareP99);
      }
    }
  }

  private static Lab lab(Bench bench) throws IOException, InterruptedException {
    Path kept = bench.data();
    return kept == null
        ? Lab.withServers(bench.lab(12))
        : Lab.withServers(bench.lab(12), kept.toAbsolutePath());
  }

  private static void disk(Bench bench, ReadSamples samples) {
    bench.add(
        Figure.of(stored(bench), "disk of a run, all in", samples.bytesPerRun(), "bytes")
            .target("< 2,000"));
    samples
        .bytesByTable()
        .forEach(
            (table, bytes) ->
                bench.add(Figure.of(stored(bench), "disk of a run: " + table, bytes, "bytes")));
  }

  private static void ask(
      Bench bench, Service query, String scenario, List<ReadQuestion> questions, double bareP99)
      throws InterruptedException {
    for (ReadQuestion question : chosen(bench, questions)) {
      ask(bench, query, scenario, question, bareP99);
    }
  }

  private static List<ReadQuestion> chosen(Bench bench, List<ReadQuestion> questions) {
    return questions.stream()
        .filter(question -> question.name().contains(bench.question()))
        .toList();
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

  private static void ask(
      Bench bench, Service query, String scenario, ReadQuestion question, double bareP99)
      throws InterruptedException {
    bench.tell(scenario + ": " + question.name());
    Duration warmup = bench.warmup().dividedBy(2);
    Result alone = load(query, question, 0, 1, Duration.ZERO, warmup);
    boolean keepsUp = alone.p50() * question.perSecond() < MOST_BUSY * 1000;
    String name = keepsUp ? question.name() : question.name() + ", one at a time";
    Result result =
        keepsUp
            ? load(query, question, question.perSecond(), CONNECTIONS, warmup, bench.seconds())
            : load(query, question, 0, 1, Duration.ZERO, bench.seconds());
    Figure p95 = Figure.of(scenario, name + ", p95", result.p95(), "ms");
    if (question.isChart()) {
      bench.add(p95.target(question.target()));
    } else {
      Figure p99 =
          Figure.of(scenario, name + ", p99", result.p99(), "ms").target(question.target());
      bench.add(question.isById() ? p99.against("bare select by key, p99", bareP99) : p99);
      bench.add(Figure.of(scenario, name + ", p50", result.p50(), "ms"));
    }
    if (result.wrong() > 0) {
      bench.add(Figure.of(scenario, name + ", wrong", result.wrong(), "answers").target("0"));
    }
    if (result.generatorCpu() > NOTABLE_CPU) {
      double percent = result.generatorCpu() * 100;
      bench.add(Figure.of(scenario, name + ", generator CPU", percent, "% of machine"));
    }
  }

  /** As fast as answers come: by the clock a new process would stay slow for a minute. */
  private static void warmUp(Bench bench, Service query, List<ReadQuestion> questions)
      throws InterruptedException {
    for (ReadQuestion question : chosen(bench, questions)) {
      bench.tell("warming up: " + question.name());
      load(query, question, 0, WARM_UP_CONNECTIONS, Duration.ZERO, WARM_UP);
    }
  }

  private static Result load(
      Service query,
      ReadQuestion question,
      int perSecond,
      int connections,
      Duration warmup,
      Duration measured)
      throws InterruptedException {
    return HttpLoad.run(
        new Plan(
            () -> Call.get(query.url() + question.next()),
            question::isRight,
            perSecond,
            connections,
            warmup,
            measured));
  }

  /** The same questions while one process takes, stores, indexes and answers. */
  private static void underIngest(
      Bench bench, Lab lab, List<ReadQuestion> questions, double bareP99) throws Exception {
    Service standalone = lab.start("standalone");
    warmUp(bench, standalone, questions);
    long eachSeconds = bench.warmup().plus(bench.seconds()).toSeconds() + 1;
    bench.tell(INGEST_RATE + " runs/s come in");
    Child load =
        lab.begin(
            "load",
            "--json",
            "--url",
            standalone.url(),
            "--key",
            Lab.PRIVATE_KEY.toString(),
            "--rate",
            Integer.toString(INGEST_RATE),
            "--warmup",
            Integer.toString(INGEST_WARMUP_SECONDS),
            "--seconds",
            Long.toString(eachSeconds * questions.size() + ExportedRuns.LIMIT.toSeconds()));
    TimeUnit.SECONDS.sleep(INGEST_WARMUP_SECONDS);
    String scenario = stored(bench) + ", storing " + Figure.text(INGEST_RATE) + "/s";
    ask(bench, standalone, scenario, questions, bareP99);
    if (bench.question().isEmpty()) {
      ExportedRuns.measure(bench, standalone, scenario);
    }
    JsonNode report = PipelineScenario.report(load.awaitOutput(LOAD_LIMIT));
    PipelineScenario.times(bench, scenario, report);
    PipelineScenario.checks(bench, scenario, report);
    bench.add(Figure.of(scenario, "memory", standalone.process().residentBytes() / 1e6, "MB"));
  }

  private static String stored(Bench bench) {
    return "reads at " + Figure.text(bench.runs()) + " runs";
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
