package dev.perilune.processor.jobs;

import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.store.PriceSql;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** An organisation with two projects, workers, and runs that were stored long ago. */
final class JobTester implements AutoCloseable {
  private static final String DIFFERENCES =
      """
      SELECT *
        FROM rollup_differences($1, date_trunc('day', now(), 'UTC') - interval '2 days',
                                date_trunc('day', now(), 'UTC') + interval '2 days', 10)
      """;

  final UUID org = UUID.randomUUID();

  /** The first that a walk comes to. */
  final UUID project = new UUID(UUID.randomUUID().getMostSignificantBits() & Long.MAX_VALUE, -1);

  final UUID second = new UUID(project.getMostSignificantBits() | Long.MIN_VALUE, -1);
  private final Vertx vertx = Vertx.vertx();
  final Database database;
  private final List<JobWorker> workers = new ArrayList<>();

  JobTester(PgSettings settings) {
    database = Database.open(vertx, settings, new Meters());
    wait(PriceSql.ship(database, DefaultPrices.rows()));
    sql("DELETE FROM model_mapping WHERE org_id IS NOT NULL");
    sql("DELETE FROM job");
    sql("INSERT INTO org (id, name) VALUES ($1, 'test')", org);
    for (UUID id : List.of(project, second)) {
      sql("INSERT INTO project (id, org_id, name) VALUES ($1, $2, 'test')", id, org);
    }
  }

  /** A price of the organisation. */
  UUID price(String model, String unit, String input, String output) {
    UUID id = UUID.randomUUID();
    sql(
        """
        INSERT INTO model_mapping (id, org_id, name, pattern, unit, input_cost, output_cost)
        VALUES ($1, $2, $3, '^' || $3::text || '$', $4, $5::text::numeric, $6::text::numeric)
        """,
        id,
        org,
        model,
        unit,
        input,
        output);
    return id;
  }

  /** A call that ended well after two seconds, and counts in the figures. */
  UUID run(UUID inProject, String model, int minutesAgo, Integer prompt, String cost) {
    UUID id = UUID.randomUUID();
    sql(
        """
        INSERT INTO run (project_id, id, created_at, ended_at, type, name, status, prompt_tokens,
                         completion_tokens, cost)
        VALUES ($1, $2, now() - make_interval(mins => $4), now() - make_interval(mins => $4, secs => -2),
                'llm', $3, 'success', $5, 0, $6::text::numeric)
        """,
        inProject,
        id,
        model,
        minutesAgo,
        prompt,
        cost);
    sql(
        """
        INSERT INTO run_payload (project_id, run_id, created_at, input, output)
        SELECT project_id, id, created_at, '"four"', '"ab"' FROM run WHERE id = $1
        """,
        id);
    sql("SELECT rollup_add(1, $1, ARRAY[$2::uuid])", inProject, id);
    return id;
  }

  String costOf(UUID run) {
    return row("SELECT trim_scale(cost)::text AS cost FROM run WHERE id = $1", run)
        .getString("cost");
  }

  UUID startJob(String type) {
    UUID id = UUID.randomUUID();
    sql("INSERT INTO job (id, org_id, type) VALUES ($1, $2, $3)", id, org, type);
    return id;
  }

  JsonObject job(UUID id) {
    return row("SELECT * FROM job WHERE id = $1", id);
  }

  JobWorker startWorker() {
    JobWorker worker = JobWorker.start(database, Duration.ofMillis(1));
    workers.add(worker);
    return worker;
  }

  JsonObject finished(UUID job) throws Exception {
    Eventually.holds("job over", () -> job(job).getString("ended_at") != null);
    return job(job);
  }

  boolean figuresAreExact(UUID of) {
    return sql(DIFFERENCES, of).size() == 0;
  }

  JsonObject row(String sql, Object... values) {
    JsonArray rows = new JsonArray();
    sql("SELECT to_jsonb(q) AS json FROM (" + sql + ") q", values)
        .forEach(row -> rows.add(row.getJsonObject("json")));
    if (rows.size() != 1) {
      throw new AssertionError("Expected one row, got " + rows.encode());
    }
    return rows.getJsonObject(0);
  }

  io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row> sql(String sql, Object... values) {
    Tuple tuple = Tuple.tuple();
    for (Object value : values) {
      tuple.addValue(value);
    }
    return wait(database.query(sql, tuple));
  }

  private static <T> T wait(io.vertx.core.Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    workers.forEach(JobWorker::close);
    wait(database.close());
    wait(vertx.close());
  }
}
