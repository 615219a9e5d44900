package dev.perilune.processor.pipeline;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.RefusedBody;
import dev.perilune.model.wire.Topics;
import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.Transactions;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.edit.RunDeletion;
import dev.perilune.runtime.edit.RunEdit;
import dev.perilune.runtime.edit.RunEdits;
import dev.perilune.runtime.edit.UserErasure;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Sends events as the gateway would, straight into a pipeline over a real database. */
final class PipelineTester implements AutoCloseable {
  private static final String RUN =
      """
      SELECT r.*, p.input::json, p.output::json, p.error::json, p.params::json, u.external_id AS user_name
        FROM run r JOIN run_payload p ON p.project_id = r.project_id AND p.run_id = r.id
        LEFT JOIN external_user u ON u.project_id = r.project_id AND u.id = r.external_user_id
       WHERE r.project_id = $1 AND r.id = $2
      """;

  private static final String DIFFERENCES =
      """
      SELECT * FROM rollup_differences($1, '-infinity', 'infinity', 5)
      UNION ALL
      SELECT 'total of user ' || d.user_id, to_jsonb(d)::text FROM external_user_off($1) d
      """;

  static final int PARTITIONS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  ProjectId project = new ProjectId(UUID.randomUUID());
  private final Vertx vertx;
  private final Database database;
  private final Transactions transactions;
  private final RunPipeline pipeline;
  private final EventReader reader = new EventReader(100_000);
  private long offset;

  PipelineTester(PgSettings settings) {
    vertx = Vertx.vertx();
    database = Database.open(vertx, settings, new Meters());
    transactions = new Transactions(database, LIMIT);
    ModelPrices prices = new ModelPrices(DefaultPrices.rows());
    pipeline = new RunPipeline(() -> prices);
    addProject();
  }

  /** Makes another project the one that is sent to and read from. */
  ProjectId addProject() {
    project = new ProjectId(UUID.randomUUID());
    UUID org = UUID.randomUUID();
    sql("INSERT INTO org (id, name) VALUES ($1, 'test')", Tuple.of(org));
    sql(
        "INSERT INTO project (id, org_id, name) VALUES ($1, $2, 'test')",
        Tuple.of(project.value(), org));
    return project;
  }

  /** The records that a request with this body becomes. */
  List<SourceRecord> records(String body) {
    return records(body, Instant.now().toEpochMilli() * 1000);
  }

  List<SourceRecord> records(String body, long receivedAt) {
    try {
      List<IncomingEvent> events =
          new ArrayList<>(reader.read(body.getBytes(StandardCharsets.UTF_8)));
      events.sort(Comparator.comparingLong(IncomingEvent::atMicros));
      List<SourceRecord> records = new ArrayList<>();
      for (IncomingEvent event : events) {
        byte[] value =
            EventEnvelope.encode(
                project,
                receivedAt,
                records.size(),
                List.of(),
                List.of(),
                event.json(),
                event.from(),
                event.length());
        records.add(new SourceRecord(Topics.EVENTS, partition(event), offset++, value));
      }
      return records;
    } catch (RefusedBody e) {
      throw new IllegalArgumentException(body, e);
    }
  }

  /** As the gateway keys records: by thread where one is spoken in, else by run. */
  private static int partition(IncomingEvent event) {
    boolean ofThread = "chat".equals(event.event()) || "custom-event".equals(event.event());
    UUID id = RunIds.derive(ofThread ? event.parentRunId() : event.runId());
    return id == null ? 0 : Math.floorMod(id.hashCode(), PARTITIONS);
  }

  /** Another processor beside this one, on the same project; each is for one thread. */
  PipelineTester beside() {
    return new PipelineTester(this);
  }

  private PipelineTester(PipelineTester other) {
    vertx = other.vertx;
    database = other.database;
    project = other.project;
    pipeline = other.pipeline;
    transactions = new Transactions(database, LIMIT);
  }

  /** Gives back the connection of a processor that was opened beside another. */
  void release() {
    transactions.close();
  }

  /** Writes as a consumer does: when the database wants another try, it gets one. */
  void writeUntilStored(List<SourceRecord> records) {
    untilStored(() -> writeWithoutSettling(records));
  }

  /** The same between batches. */
  void settleUntilStored() {
    untilStored(this::settle);
  }

  private static void untilStored(Runnable work) {
    for (int tries = 1; ; tries++) {
      try {
        work.run();
        return;
      } catch (StoreAway collision) {
        if (tries == 100) {
          throw collision;
        }
      }
    }
  }

  List<Rejected> send(String body) {
    return write(records(body));
  }

  List<Rejected> write(List<SourceRecord> records) {
    List<Rejected> rejected = writeWithoutSettling(records);
    settle();
    return rejected;
  }

  List<Rejected> writeWithoutSettling(List<SourceRecord> records) {
    return transactions.run(tx -> pipeline.write(tx, records).rejected());
  }

  /** Writes and commits only when {@code beforeCommit} returns, as if it were slow. */
  List<Rejected> writeSlowly(List<SourceRecord> records, Runnable beforeCommit) {
    return transactions.run(
        tx -> {
          List<Rejected> rejected = pipeline.write(tx, records).rejected();
          beforeCommit.run();
          return rejected;
        });
  }

  void settle() {
    while (transactions.run(pipeline::settle)) {
      Thread.onSpinWait();
    }
  }

  /**
   * Settles what the project's runs wait for. One look is not always enough: any transaction of the
   * database that is open meanwhile, the server's own too, puts it off to a later one.
   */
  void settleAll() throws Exception {
    Eventually.holds(
        "no run waits for a first look for its parent",
        () -> {
          settle();
          return rows("SELECT FROM run_orphan WHERE project_id = $1 AND NOT settled").isEmpty();
        });
  }

  /** Changes a run as the API does; returns whether there is one, or may be. */
  boolean edit(UUID id, RunEdit edit) {
    return await(
            new RunEdits(database)
                .apply(
                    project.value(),
                    List.of(id),
                    edit,
                    (connection, run) -> Future.succeededFuture()))
        .isPresent();
  }

  /** Deletes a run as the API does; returns whether there was one. */
  boolean delete(UUID id) {
    return await(
            new RunDeletion(new RunEdits(database))
                .delete(
                    project.value(), List.of(id), (connection, run) -> Future.succeededFuture()))
        .isPresent();
  }

  /** Erases a user as the API does, to the end. */
  void erase(String externalId) {
    long user =
        row("SELECT id FROM external_user WHERE project_id = $1 AND external_id = $2", externalId)
            .getLong("id");
    UserErasure erasure = new UserErasure(new RunEdits(database));
    await(
        erasure
            .begin(project.value(), user, connection -> Future.succeededFuture())
            .compose(begun -> erasure.goOn(begun.orElseThrow())));
  }

  private static <T> T await(Future<T> answer) {
    try {
      return answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A run with its payload and the name of its user. */
  JsonObject run(String id) {
    return row(RUN, RunIds.derive(id));
  }

  /** Runs a statement; $1 is the project. */
  void execute(String sql, Object... values) {
    Tuple tuple = Tuple.tuple().addUUID(project.value());
    for (Object value : values) {
      tuple.addValue(value);
    }
    sql(sql, tuple);
  }

  /** Where figures are not what a recount of the project's runs gives; empty when all are. */
  JsonArray figuresThatAreOff() {
    return rows(DIFFERENCES);
  }

  /** The only row that the query gives, as JSON. */
  JsonObject row(String sql, Object... values) {
    JsonArray rows = rows(sql, values);
    if (rows.size() != 1) {
      throw new AssertionError("Expected one row, got " + rows.encodePrettily());
    }
    return rows.getJsonObject(0);
  }

  /** All rows that the query gives, as JSON; $1 is the project. */
  JsonArray rows(String sql, Object... values) {
    Tuple tuple = Tuple.tuple().addUUID(project.value());
    for (Object value : values) {
      tuple.addValue(value);
    }
    JsonArray rows = new JsonArray();
    sql("SELECT to_jsonb(q) AS json FROM (" + sql + ") q", tuple)
        .forEach(row -> rows.add(row.getJsonObject("json")));
    return rows;
  }

  /** Changes rows behind the pipeline's back; $1 is the project. */
  void change(String sql) {
    sql(sql, Tuple.of(project.value()));
  }

  private io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row> sql(String sql, Tuple values) {
    try {
      return database
          .query(sql, values)
          .toCompletionStage()
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    transactions.close();
    database.close();
    vertx.close();
  }
}
