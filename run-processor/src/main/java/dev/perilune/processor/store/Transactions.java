package dev.perilune.processor.store;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.function.Function;

/** Runs work in transactions on the calling thread. */
public final class Transactions {
  private final Pool pool;
  private final Waiting waiting;

  /** Takes the longest time that any one statement may take. */
  public Transactions(Pool pool, Duration statementLimit) {
    this.pool = pool;
    this.waiting = new Waiting(statementLimit);
  }

  /**
   * Commits what the work did, or nothing if it throws.
   *
   * @throws StoreAway if the database is away or wants another try; whether a commit under way
   *     counted is then open, so the work must check before it is repeated (offsets do)
   * @throws StoreRefused if the database refuses the values
   */
  public <T> T run(Function<Tx, T> work) {
    SqlConnection connection = waiting.on(pool.getConnection());
    try {
      Transaction transaction = waiting.on(connection.begin());
      T result = work.apply(new Tx(connection, waiting));
      waiting.on(transaction.commit());
      return result;
    } catch (StoreAway e) {
      // a statement may still run on it: never hand this connection to another transaction
      connection.close();
      throw e;
    } catch (RuntimeException e) {
      rollBack(connection);
      throw e;
    } finally {
      connection.close();
    }
  }

  private void rollBack(SqlConnection connection) {
    Transaction transaction = connection.transaction();
    if (transaction != null) {
      transaction.rollback();
    }
  }
}
