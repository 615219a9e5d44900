package dev.perilune.testkit;

import dev.perilune.runtime.config.PgSettings;

/**
 * A migrated, empty database for a jqwik property class, which knows no Jupiter extensions: open it
 * before the container, close it after.
 *
 * <p>Has the folder of {@link PostgresExtension}'s server for itself meanwhile: the engines of a
 * JVM run one after the other.
 */
public final class PropertyPostgres implements AutoCloseable {
  private final TestServer server;
  private final String databaseName;

  private PropertyPostgres(TestServer server) {
    this.server = server;
    this.databaseName = server.createDatabase();
  }

  /** Starts a server; takes a second or two. */
  public static PropertyPostgres start() {
    return new PropertyPostgres(TestServer.start());
  }

  /** How to reach the database. */
  public PgSettings settings() {
    return TestServer.settings(server.databaseUrl(databaseName));
  }

  @Override
  public void close() {
    server.close();
  }
}
