package dev.perilune.query.analytics;

import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs the statements of a question: on one state of the data, in limited time and memory. */
final class ReadSql {

  /** Rows that an answer may have; a question with more is refused. */
  static final int MOST_ROWS = 50_000;

  // Which partitions and which index are right depends on the window, and these statements run for
  // longer than they are planned; compiling them would take longer still.
  static final String RULES =
      """
      SET LOCAL plan_cache_mode = force_custom_plan;
      SET LOCAL jit = off;
      SET LOCAL work_mem = '64MB'\
      """;

  private final Database database;
  private final Duration limit;

  ReadSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** Every row of the statement, which may name each bucket and name once. */
  <T> Future<List<T>> rows(String sql, Tuple values, Function<Row, T> reader) {
    return inSnapshot(connection -> rows(connection, sql, values, reader));
  }

  /** Runs statements of which one depends on another, all of them on one state of the data. */
  <T> Future<T> inSnapshot(Function<SqlConnection, Future<T>> work) {
    return database.inSnapshot(
        limit,
        connection -> {
          var set = connection.query(RULES).execute();
          var done = work.apply(connection);
          return set.compose(ready -> done);
        });
  }

  /** Every row of a statement in a snapshot, as {@link #rows(String, Tuple, Function)} has them. */
  static <T> Future<List<T>> rows(
      SqlConnection connection, String sql, Tuple values, Function<Row, T> reader) {
    String first = "SELECT * FROM (" + sql + ") answer LIMIT " + (MOST_ROWS + 1);
    return connection.preparedQuery(first).execute(values).map(found -> read(found, reader));
  }

  private static <T> List<T> read(RowSet<Row> rows, Function<Row, T> reader) {
    if (rows.size() > MOST_ROWS) {
      throw new Problem.Invalid(
          "granularity",
          "The answer has more than "
              + MOST_ROWS
              + " rows; expected a shorter window, a coarser granularity or a filter");
    }
    List<T> read = new ArrayList<>(rows.size());
    rows.forEach(row -> read.add(reader.apply(row)));
    return read;
  }
}
