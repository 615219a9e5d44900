package dev.perilune.processor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.store.RecostSql.Costed;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Reads that lock find every run, also one that another transaction holds and changes meanwhile.
 */
class LockedReadsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int RUNS = 6;

  /** Which lies in another week than the one before and the one after. */
  private static final int HELD = 2;

  /** What the planner may choose among, one join each, planned for the values or for all. */
  private static final List<String> JOINS =
      List.of("enable_nestloop", "enable_hashjoin", "enable_mergejoin");

  private static final List<String> MODES = List.of("force_custom_plan", "force_generic_plan");

  private static final String WAITING =
      """
      SELECT count(*)::int AS transactions
        FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'
      """;

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private final ProjectId project = new ProjectId(UUID.randomUUID());
  private final RunKey parent = new RunKey(project, UUID.randomUUID());
  private final List<Place> runs = new ArrayList<>();
  private Database database;

  @BeforeEach
  void store() throws Exception {
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
    UUID org = UUID.randomUUID();
    sql("INSERT INTO org (id, name) VALUES ($1, 'test')", Tuple.of(org));
    sql(
        "INSERT INTO project (id, org_id, name) VALUES ($1, $2, 'test')",
        Tuple.of(project.value(), org));
    Instant now = Instant.parse("2026-11-20T10:00:00Z");
    for (int i = 0; i < RUNS; i++) {
      RunKey key = new RunKey(project, new UUID(1, i));
      Instant at = now.minus(i % 2 == 0 ? Duration.ZERO : Duration.ofDays(20));
      runs.add(new Place(key, at.toEpochMilli() * 1000));
      Tuple values =
          Tuple.of(
              project.value(), key.id(), parent.id(), Columns.timeOf(at.toEpochMilli() * 1000));
      sql(
          """
          WITH narrow AS (
            INSERT INTO run (project_id, id, created_at, type, parent_run_id)
            VALUES ($1, $2, $4, 'tool', $3)
          ), wide AS (
            INSERT INTO run_payload (project_id, run_id, created_at, fold) VALUES ($1, $2, $4, 'old')
          )
          INSERT INTO run_alias (project_id, id, run_id, run_created_at)
          VALUES ($1, md5($2::text)::uuid, $2, $4)
          """,
          values);
    }
  }

  @AfterEach
  void close() throws Exception {
    other.shutdownNow();
    database.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void runsNearATime() throws Exception {
    long first = runs.get(1).createdAtMicros();
    long last = runs.get(0).createdAtMicros();
    findsAll((tx, keys) -> fresh(RunSql.near(tx, keys, first, last + 1)));
  }

  @Test
  void runsAnywhere() throws Exception {
    findsAll((tx, keys) -> fresh(RunSql.anywhere(tx, keys)));
  }

  @Test
  void runsAtTheirPlaces() throws Exception {
    findsAll((tx, keys) -> fresh(RunSql.at(tx, runs)));
  }

  @Test
  void childrenOfARun() throws Exception {
    findsAll((tx, keys) -> fresh(RunSql.children(tx, List.of(parent))));
  }

  @Test
  void runsToCostAnew() throws Exception {
    findsAll(
        (tx, keys) ->
            RecostSql.locked(tx, runs).stream()
                .map(Costed::place)
                .map(Place::key)
                .collect(Collectors.toSet()));
  }

  @Test
  void parentsByTheirId() throws Exception {
    long first = runs.get(1).createdAtMicros();
    long last = runs.get(0).createdAtMicros();
    findsAll((tx, keys) -> LinkSql.parents(tx, keys, first, last + 1).keySet());
    findsAll((tx, keys) -> LinkSql.parents(tx, keys, 0, 1).keySet());
  }

  @Test
  void parentsByAnotherId() throws Exception {
    Set<RunKey> names = new HashSet<>();
    for (Place run : runs) {
      UUID name =
          database
              .one("SELECT md5($1::uuid::text)::uuid AS id", Tuple.of(run.key().id()))
              .await(10, TimeUnit.SECONDS)
              .getUUID("id");
      names.add(new RunKey(project, name));
    }
    findsAll(names, (tx, keys) -> LinkSql.parents(tx, keys, 0, 1).keySet());
  }

  /** What is read of a run that was waited for is what the other transaction wrote, in whole. */
  private Set<RunKey> fresh(List<StoredRun> found) {
    RunKey held = runs.get(HELD).key();
    for (StoredRun run : found) {
      boolean isHeld = run.row().key().equals(held);
      assertEquals(isHeld ? "new" : null, run.row().name());
      assertEquals(isHeld ? "new" : "old", run.fold());
    }
    return found.stream().map(run -> run.row().key()).collect(Collectors.toSet());
  }

  private void findsAll(BiFunction<Tx, Collection<RunKey>, Set<RunKey>> read) throws Exception {
    findsAll(runs.stream().map(Place::key).collect(Collectors.toSet()), read);
  }

  private void findsAll(Set<RunKey> keys, BiFunction<Tx, Collection<RunKey>, Set<RunKey>> read)
      throws Exception {
    for (String join : JOINS) {
      for (String mode : MODES) {
        assertEquals(keys, whileHeld(join, mode, tx -> read.apply(tx, keys)), join + " " + mode);
      }
    }
  }

  private Set<RunKey> whileHeld(String join, String mode, Function<Tx, Set<RunKey>> read)
      throws Exception {
    try (Transactions holding = new Transactions(database, LIMIT);
        Transactions reading = new Transactions(database, LIMIT)) {
      Future<Set<RunKey>> found =
          holding.run(
              tx -> {
                Tuple held = Tuple.of(project.value(), runs.get(HELD).key().id());
                tx.run("SELECT 1 FROM run WHERE project_id = $1 AND id = $2 FOR UPDATE", held);
                Future<Set<RunKey>> started =
                    other.submit(
                        () ->
                            reading.run(
                                waiting -> {
                                  plan(waiting, join, mode);
                                  return read.apply(waiting);
                                }));
                awaitWaiting();
                tx.run("UPDATE run SET name = 'new' WHERE project_id = $1 AND id = $2", held);
                tx.run(
                    "UPDATE run_payload SET fold = 'new' WHERE project_id = $1 AND run_id = $2",
                    held);
                return started;
              });
      return found.get(20, TimeUnit.SECONDS);
    }
  }

  private static void plan(Tx tx, String join, String mode) {
    for (String other : JOINS) {
      tx.run("SELECT set_config($1, $2, true)", Tuple.of(other, other.equals(join) ? "on" : "off"));
    }
    tx.run("SELECT set_config('plan_cache_mode', $1, true)", Tuple.of(mode));
  }

  private void awaitWaiting() {
    try {
      Eventually.holds(
          "the read waits for the row",
          () ->
              database
                      .one(WAITING, Tuple.tuple())
                      .await(10, TimeUnit.SECONDS)
                      .getInteger("transactions")
                  == 1);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void sql(String sql, Tuple values) throws Exception {
    database.query(sql, values).await(10, TimeUnit.SECONDS);
  }
}
