package dev.perilune.processor.store;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** An open transaction, for the one thread that runs it. Statements wait for their answer. */
public final class Tx {
  private final SqlConnection connection;
  private final Waiting waiting;
  private @Nullable RuntimeException failure;

  Tx(SqlConnection connection, Waiting waiting) {
    this.connection = connection;
    this.waiting = waiting;
  }

  /**
   * Runs one statement. After one that failed the transaction can't be committed any more.
   *
   * @throws StoreAway if the database is away or wants the transaction tried again
   * @throws StoreRefused if the database refuses the values
   */
  public RowSet<Row> run(String sql, Tuple values) {
    try {
      return waiting.on(connection.preparedQuery(sql).execute(values));
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  void commit() {
    if (failure != null) {
      // the server would answer COMMIT with a silent rollback
      throw failure;
    }
    waiting.on(connection.query("COMMIT").execute());
  }
}
