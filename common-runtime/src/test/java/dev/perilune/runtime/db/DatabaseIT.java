package dev.perilune.runtime.db;

import static dev.perilune.runtime.http.HttpTester.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.auth.Caller.Kind;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseIT {

  @TempDir private static Path dir;

  private static final Vertx VERTX = Vertx.vertx();
  private static final Meters METERS = new Meters();
  private static OneDatabase server;
  private static Database database;

  @BeforeAll
  static void start() {
    server = OneDatabase.start(dir, 0);
    database = Database.open(VERTX, server.settings(), METERS);
  }

  @AfterAll
  static void stop() {
    await(database.close());
    await(VERTX.close());
    METERS.close();
    server.close();
  }

  @Test
  void migratingTwiceChangesNothing() {
    assertEquals(0, Migrations.run(server.settings()));
  }

  @Test
  void oneAndMaybeOneCountRows() {
    Tuple none = Tuple.tuple();

    assertEquals(1, await(database.one("SELECT 1 AS n", none)).getInteger("n"));
    assertEquals(Optional.empty(), await(database.maybeOne("SELECT 1 WHERE false", none)));
    assertThrows(
        IllegalStateException.class, () -> await(database.one("SELECT 1 WHERE false", none)));
    assertThrows(
        IllegalStateException.class,
        () -> await(database.maybeOne("SELECT generate_series(1, 2)", none)));
  }

  @Test
  void aFailedTransactionLeavesNothing() {
    UUID org = UUID.randomUUID();

    assertThrows(
        PgException.class,
        () ->
            await(
                database.inTransaction(
                    connection ->
                        connection
                            .preparedQuery("INSERT INTO org (id, name) VALUES ($1, 'x')")
                            .execute(Tuple.of(org))
                            .compose(done -> connection.query("SELECT 1/0").execute()))));

    assertEquals(
        Optional.empty(),
        await(database.maybeOne("SELECT id FROM org WHERE id = $1", Tuple.of(org))));
  }

  @Test
  void aSnapshotWritesNothingAndLeavesItsConnectionAsItWas() {
    PgSettings all = server.settings();
    String address =
        "postgres://%s:%s@%s:%d/%s"
            .formatted(all.user(), all.password(), all.host(), all.port(), all.database());
    Database one = Database.open(VERTX, PgSettings.of(address, 1), METERS);
    Duration limit = Duration.ofSeconds(5);

    assertThrows(
        PgException.class,
        () ->
            await(
                one.inSnapshot(
                    limit,
                    connection ->
                        connection
                            .query("INSERT INTO org (id, name) VALUES (NULL, 'x')")
                            .execute())));
    assertThrows(
        IllegalStateException.class,
        () ->
            await(
                one.inSnapshot(
                    limit,
                    connection -> {
                      throw new IllegalStateException("the work itself");
                    })));

    // the only connection is free again, out of its transaction, and has its own settings
    assertEquals(
        "auto",
        await(one.one("SELECT current_setting('plan_cache_mode')", Tuple.tuple())).getString(0));
    await(one.close());
  }

  @Test
  void aDatabaseThatIsAwayIsUnavailableAndNotAFault() {
    PgSettings nowhere = PgSettings.of("postgres://a:b@127.0.0.1:1/x", 2);
    Database away = Database.open(VERTX, nowhere, METERS);

    assertThrows(Problem.Unavailable.class, () -> await(away.query("SELECT 1", Tuple.tuple())));
    assertThrows(
        Problem.Unavailable.class,
        () -> await(away.inTransaction(connection -> connection.query("SELECT 1").execute())));
    assertFalse(await(away.isUp()));
    assertTrue(await(database.isUp()));
    await(away.close());
  }

  @Test
  void keysAreFoundByHashAndProjectsByTheirId() {
    UUID org = UUID.randomUUID();
    UUID project = UUID.randomUUID();
    UUID privateKey = UUID.randomUUID();
    UUID orgKey = UUID.randomUUID();
    insert("INSERT INTO org (id, name) VALUES ($1, 'o')", Tuple.of(org));
    insert("INSERT INTO project (id, org_id, name) VALUES ($1, $2, 'p')", Tuple.of(project, org));
    insertKey(privateKey, "private", org, project);
    insertKey(orgKey, "org_private", org, null);
    ApiKeys keys = new ApiKeys(database);
    ProjectId id = new ProjectId(project);

    assertEquals(
        Optional.of(new Caller(Kind.PRIVATE_KEY, id, org, privateKey)),
        await(keys.find(privateKey)));
    assertEquals(
        Optional.of(new Caller(Kind.PUBLIC_KEY, id, org, project)), await(keys.find(project)));
    assertEquals(
        Optional.of(new Caller(Kind.ORG_KEY, null, org, orgKey)), await(keys.find(orgKey)));
    assertEquals(Optional.empty(), await(keys.find(UUID.randomUUID())));
  }

  @Test
  void knownKeysOutliveTheDatabase(@TempDir Path ownDir) {
    UUID project = UUID.randomUUID();
    Database own;
    ApiKeys keys;
    try (OneDatabase doomed = OneDatabase.start(ownDir, 0)) {
      own = Database.open(VERTX, doomed.settings(), METERS);
      keys = new ApiKeys(own);
      await(own.query("INSERT INTO org (id, name) VALUES ($1, 'o')", Tuple.of(project)));
      await(
          own.query(
              "INSERT INTO project (id, org_id, name) VALUES ($1, $1, 'p')", Tuple.of(project)));
      await(keys.find(project));
    }

    assertTrue(await(keys.find(project)).isPresent());
    assertThrows(Problem.Unavailable.class, () -> await(keys.find(UUID.randomUUID())));
    await(own.close());
  }

  private static void insertKey(UUID key, String type, UUID org, UUID project) {
    insert(
        "INSERT INTO api_key (key_hash, hint, type, org_id, project_id) VALUES ($1, '', $2, $3, $4)",
        Tuple.of(Buffer.buffer(ApiKeySql.hash(key)), type, org, project));
  }

  private static void insert(String sql, Tuple values) {
    await(database.query(sql, values));
  }
}
