package dev.perilune.processor.store;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** An open transaction, for the one thread that runs it. Statements wait for their answer. */
public final class Tx {
  private final SqlConnection connection;
  private final Waiting waiting;

  Tx(SqlConnection connection, Waiting waiting) {
    this.connection = connection;
    this.waiting = waiting;
  }

  /**
   * Runs one statement.
   *
   * @throws StoreAway if the database is away or wants the transaction tried again
   * @throws StoreRefused if the database refuses the values
   */
  public RowSet<Row> run(String sql, Tuple values) {
    return waiting.on(connection.preparedQuery(sql).execute(values));
  }
}
