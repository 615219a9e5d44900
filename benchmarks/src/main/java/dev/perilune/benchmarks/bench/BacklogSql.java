package dev.perilune.benchmarks.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** How far a backlog is stored, and how it is made to wait again. */
final class BacklogSql {

  // everything that belongs to a project and that a processor writes
  private static final String FORGET =
      """
      DO $$
      DECLARE
        names text;
      BEGIN
        SELECT string_agg(quote_ident(c.relname), ', ')
          INTO names
          FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'project_id' AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND c.relnamespace = 'public'::regnamespace
           AND c.relname NOT IN ('api_key', 'ingestion_rule');
        EXECUTE 'TRUNCATE ' || names || ' CASCADE';
      END $$
      """;

  private static final String SKIP =
      """
      UPDATE consumer_offset
         SET next_offset = ?, leader_epoch = NULL
       WHERE topic = 'perilune.events' AND partition = ?
      """;

  private static final String REWIND =
      "UPDATE consumer_offset SET next_offset = 0, reached = 0, leader_epoch = NULL";

  private static final String STORED =
      "SELECT coalesce(sum(next_offset), 0) FROM consumer_offset WHERE topic = 'perilune.events'";

  private static final String LOCK_WAITS =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";

  private BacklogSql() {}

  /** Empties the tables, as if nothing waited; no processor may run. */
  static void forget(Connection connection, Map<Integer, Long> ends) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement skip = connection.prepareStatement(SKIP)) {
      statement.execute(FORGET);
      for (Map.Entry<Integer, Long> end : ends.entrySet()) {
        skip.setLong(1, end.getValue());
        skip.setInt(2, end.getKey());
        skip.executeUpdate();
      }
      statement.execute("CHECKPOINT");
    }
  }

  /** Lets everything wait; processors notice within a second. */
  static void rewind(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(REWIND);
    }
  }

  /** Records that are stored. */
  static long stored(Connection connection) {
    return number(connection, STORED);
  }

  /** Connections that wait for a lock of another right now. */
  static int lockWaits(Connection connection) {
    return (int) number(connection, LOCK_WAITS);
  }

  static long number(Connection connection, String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
