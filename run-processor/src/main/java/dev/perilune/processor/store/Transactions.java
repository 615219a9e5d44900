package dev.perilune.processor.store;

import dev.perilune.runtime.db.Database;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Runs work in transactions on the calling thread; for one thread at a time.
 *
 * <p>They share one connection, outside every pool. Whatever fails, the connection goes with it:
 * closing it is the one way of ending a transaction that holds in every state it can be in, with a
 * statement unanswered or a commit whose answer was lost, and opening the next costs milliseconds.
 */
public final class Transactions implements AutoCloseable {
  /** The server gives up before we stop waiting, so that no statement outlives our interest. */
  private static final int SERVER_SHARE_PERCENT = 80;

  /** A transaction of a process that hangs keeps its locks no longer than this many statements. */
  private static final int STATEMENTS_PER_TRANSACTION = 4;

  private final Database database;
  private final Waiting waiting;
  private final String begin;
  private final AtomicReference<SqlConnection> open = new AtomicReference<>();

  /** Takes the longest time that any one statement may take; a transaction may take four. */
  public Transactions(Database database, Duration statementLimit) {
    this.database = database;
    this.waiting = new Waiting(statementLimit);
    long millis = statementLimit.toMillis();
    this.begin =
        "BEGIN; SET LOCAL statement_timeout = %d; SET LOCAL transaction_timeout = %d"
            .formatted(millis * SERVER_SHARE_PERCENT / 100, millis * STATEMENTS_PER_TRANSACTION);
  }

  /**
   * Commits what the work did, or nothing if it throws.
   *
   * @throws StoreAway if the database is away or wants another try; whether a commit under way
   *     counted is then open, so the work must check before it is repeated (offsets do)
   * @throws StoreRefused if the database refuses the values
   */
  public <T> T run(Function<Tx, T> work) {
    SqlConnection connection = connection();
    boolean committed = false;
    try {
      waiting.on(connection.query(begin).execute());
      Tx tx = new Tx(connection, waiting);
      T result = work.apply(tx);
      tx.commit();
      committed = true;
      return result;
    } finally {
      if (!committed) {
        drop(connection);
      }
    }
  }

  @Override
  public void close() {
    SqlConnection connection = open.get();
    if (connection != null) {
      drop(connection);
    }
  }

  private SqlConnection connection() {
    SqlConnection connection = open.get();
    return connection != null ? connection : connect();
  }

  private SqlConnection connect() {
    SqlConnection connection = waiting.on(database.connect(), SqlConnection::close);
    // the server may close it between two transactions: the next one then takes a new one
    connection.closeHandler(closed -> open.compareAndSet(connection, null));
    connection.exceptionHandler(broken -> open.compareAndSet(connection, null));
    open.set(connection);
    return connection;
  }

  private void drop(SqlConnection connection) {
    open.compareAndSet(connection, null);
    connection.close();
  }
}
