package dev.perilune.benchmarks.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The rows that processors have stored, written once more by the barest means into tables with the
 * same indexes: by COPY, and by an upsert of whole rows from arrays.
 */
record BareRows(double copyPerSecond, double upsertPerSecond) {
  private static final int RUNS = 100_000;
  private static final int BATCH = 2_000;
  private static final String TAKE =
      "CREATE TEMP TABLE taken AS SELECT project_id, id, created_at FROM run LIMIT " + RUNS;
  private static final String NARROW =
      "SELECT r.* FROM run r JOIN taken USING (project_id, id, created_at)";
  private static final String WIDE =
      "SELECT p.* FROM run_payload p JOIN taken t"
          + " ON (p.project_id, p.run_id, p.created_at) = (t.project_id, t.id, t.created_at)";

  static BareRows measure(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS taken");
      statement.execute(TAKE);
      long runs = BacklogSql.number(connection, "SELECT count(*) FROM taken");
      double copySeconds = copy(connection, statement);
      double upsertSeconds = upsert(connection, statement);
      return new BareRows(runs / copySeconds, runs / upsertSeconds);
    }
  }

  private static double copy(Connection connection, Statement statement)
      throws SQLException, IOException {
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    ByteArrayOutputStream narrow = new ByteArrayOutputStream();
    ByteArrayOutputStream wide = new ByteArrayOutputStream();
    copies.copyOut("COPY (" + NARROW + ") TO STDOUT (FORMAT binary)", narrow);
    copies.copyOut("COPY (" + WIDE + ") TO STDOUT (FORMAT binary)", wide);
    make(statement);
    long begun = System.nanoTime();
    copies.copyIn(
        "COPY bare_run FROM STDIN (FORMAT binary)", new ByteArrayInputStream(narrow.toByteArray()));
    copies.copyIn(
        "COPY bare_payload FROM STDIN (FORMAT binary)",
        new ByteArrayInputStream(wide.toByteArray()));
    return seconds(begun);
  }

  private static double upsert(Connection connection, Statement statement) throws SQLException {
    List<String> narrow = rows(statement, "SELECT x::text FROM (" + NARROW + ") x");
    List<String> wide = rows(statement, "SELECT x::text FROM (" + WIDE + ") x");
    make(statement);
    long begun = System.nanoTime();
    connection.setAutoCommit(false);
    for (int from = 0; from < narrow.size(); from += BATCH) {
      insert(connection, "bare_run", "project_id, id, created_at", narrow, from);
      insert(connection, "bare_payload", "project_id, run_id, created_at", wide, from);
      connection.commit();
    }
    connection.setAutoCommit(true);
    return seconds(begun);
  }

  private static void insert(
      Connection connection, String table, String key, List<String> rows, int from)
      throws SQLException {
    String sql =
        "INSERT INTO %s SELECT (x::%s).* FROM unnest(?::text[]) AS x ON CONFLICT (%s) DO NOTHING"
            .formatted(table, table, key);
    Object[] batch = rows.subList(from, Math.min(rows.size(), from + BATCH)).toArray();
    Array values = connection.createArrayOf("text", batch);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, values);
      statement.executeUpdate();
    }
  }

  private static void make(Statement statement) throws SQLException {
    statement.execute("DROP TABLE IF EXISTS bare_run, bare_payload");
    statement.execute("CREATE TABLE bare_run (LIKE run INCLUDING ALL)");
    statement.execute("CREATE TABLE bare_payload (LIKE run_payload INCLUDING ALL)");
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  private static double seconds(long begunNanos) {
    return (System.nanoTime() - begunNanos) / 1e9;
  }
}
