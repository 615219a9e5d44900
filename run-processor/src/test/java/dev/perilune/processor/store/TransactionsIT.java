package dev.perilune.processor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TransactionsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String ADD = "INSERT INTO org (id, name) VALUES (gen_random_uuid(), $1)";
  private static final String LOCKED = "SELECT pg_advisory_xact_lock(7)";

  private final Vertx vertx = Vertx.vertx();
  private Database database;
  private Transactions transactions;

  @BeforeEach
  void open() {
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
    transactions = new Transactions(database, Duration.ofSeconds(2));
    run("DELETE FROM org", Tuple.tuple());
  }

  @AfterEach
  void close() throws Exception {
    transactions.close();
    database.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void failedWorkLeavesNothing() {
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.run(
                tx -> {
                  tx.run(ADD, Tuple.of("lost"));
                  throw new IllegalStateException("work fails");
                }));

    assertEquals(0, organisations());
  }

  @Test
  void failureThatTheWorkSwallowsIsNotCommitted() {
    assertThrows(
        StoreRefused.class,
        () ->
            transactions.run(
                tx -> {
                  tx.run(ADD, Tuple.of("lost"));
                  assertThrows(StoreRefused.class, () -> tx.run("SELECT 1 / $1::int", Tuple.of(0)));
                  return "done";
                }));

    assertEquals(0, organisations());
  }

  @Test
  void statementThatTakesTooLongEndsOnTheServerToo() throws Exception {
    StoreAway away =
        assertThrows(StoreAway.class, () -> run("SELECT pg_sleep($1::int)::text", Tuple.of(60)));

    assertTrue(away.getMessage().contains("57014"), away.getMessage());
    assertEquals(0, organisations());
  }

  @Test
  void transactionThatNobodyGoesOnWithLosesItsLocks() {
    try (Transactions hanging = new Transactions(database, Duration.ofMillis(400));
        Transactions next = new Transactions(database, Duration.ofSeconds(10))) {
      assertThrows(
          StoreAway.class,
          () ->
              hanging.run(
                  tx -> {
                    tx.run(LOCKED, Tuple.tuple());
                    // waits for the lock until the server has ended the one that hangs
                    return next.run(other -> other.run(LOCKED, Tuple.tuple()).size());
                  }));
    }
  }

  @Test
  void missingTableIsNoFaultOfTheValues() {
    StoreAway away =
        assertThrows(StoreAway.class, () -> run("SELECT * FROM nowhere", Tuple.tuple()));

    assertTrue(away.getMessage().contains("42P01"), away.getMessage());
    assertFalse(away.isCollision());
  }

  @Test
  void valueThatCannotBeStoredIsRefused() {
    StoreRefused refused =
        assertThrows(StoreRefused.class, () -> run(ADD, Tuple.of("nul \0 byte")));

    assertEquals("SQLSTATE 22021", refused.kind());
  }

  @Test
  void sessionThatTheServerEndsBetweenTransactionsIsReplaced() throws Exception {
    run(ADD, Tuple.of("first"));
    int ended =
        database
            .one(
                """
                SELECT count(pg_terminate_backend(pid, 5000))::int AS ended
                  FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                """,
                Tuple.tuple())
            .await(10, TimeUnit.SECONDS)
            .getInteger("ended");
    assertTrue(ended >= 1);

    assertEquals(1, organisations());
  }

  private void run(String sql, Tuple values) {
    transactions.run(tx -> tx.run(sql, values).size());
  }

  private long organisations() {
    return transactions.run(
        tx ->
            tx.run("SELECT count(*) AS n FROM org", Tuple.tuple()).iterator().next().getLong("n"));
  }
}
