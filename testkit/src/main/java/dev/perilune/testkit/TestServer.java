package dev.perilune.testkit;

import dev.perilune.embedded.EmbeddedPostgres;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Migrations;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The one database server of a test JVM, with a migrated template to copy from. */
final class TestServer implements AutoCloseable {
  private static final String PREFIX = "test_";
  private static final int POOL_SIZE = 4;
  private static final String TEMPLATE = PREFIX + "template";

  private final EmbeddedPostgres postgres;
  private final AtomicInteger databases = new AtomicInteger();

  private TestServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts it on a folder that is kept between builds, which saves unpacking and initdb. */
  static TestServer start() {
    TestServer server =
        new TestServer(EmbeddedPostgres.start(TestFolder.named("postgres"), 0, false));
    server.leftovers().forEach(server::dropDatabase);
    server.execute("CREATE DATABASE " + TEMPLATE);
    Migrations.run(settings(server.databaseUrl(TEMPLATE)));
    return server;
  }

  static PgSettings settings(String databaseUrl) {
    return PgSettings.of(databaseUrl, POOL_SIZE);
  }

  String createDatabase() {
    String name = PREFIX + databases.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return name;
  }

  void dropDatabase(String name) {
    execute("DROP DATABASE " + name + " WITH (FORCE)");
  }

  String databaseUrl(String name) {
    return URI.create(postgres.databaseUrl()).resolve("/" + name).toString();
  }

  private List<String> leftovers() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT datname FROM pg_database WHERE starts_with(datname, '" + PREFIX + "')")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect() throws SQLException {
    PgSettings settings = settings(postgres.databaseUrl());
    return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
  }

  @Override
  public void close() {
    postgres.close();
  }
}
