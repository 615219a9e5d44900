package dev.perilune.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** What is asked of a server right after its start. */
final class ServerCheck {
  private final int port;
  private final String password;

  ServerCheck(int port, String password) {
    this.port = port;
    this.password = password;
  }

  /**
   * Reads the settings on which committed data depends, because a file or an environment variable
   * may have changed them.
   *
   * @throws EmbeddedFailure when a server that must be durable is not
   */
  void requireDurability(boolean durable) {
    if (!durable) {
      return;
    }
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      String value = query("SHOW " + setting).orElse("unknown");
      if (!value.equals("on")) {
        throw new EmbeddedFailure(
            "Database setting " + setting + " must be on, but the server says " + value);
      }
    }
  }

  void createDatabaseWhenMissing() {
    String name = EmbeddedPostgres.DATABASE;
    if (query("SELECT 1 FROM pg_database WHERE datname = '" + name + "'").isEmpty()) {
      execute("CREATE DATABASE " + name);
    }
  }

  private Optional<String> query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", EmbeddedPostgres.USER, password);
  }

  private static EmbeddedFailure failure(SQLException e) {
    return new EmbeddedFailure("The started database does not answer: " + e.getMessage(), e);
  }
}
