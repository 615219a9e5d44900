package dev.perilune.runtime.db;

import dev.perilune.embedded.EmbeddedPostgres;
import dev.perilune.runtime.config.PgSettings;
import java.nio.file.Path;

/** A migrated database server of its own for one test class; testkit's would be a circle here. */
public final class OneDatabase implements AutoCloseable {

  private final EmbeddedPostgres server;

  private OneDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  public static OneDatabase start(Path dir, int port) {
    OneDatabase database = new OneDatabase(EmbeddedPostgres.start(dir, port, false));
    Migrations.run(database.settings());
    return database;
  }

  public PgSettings settings() {
    return PgSettings.of(server.databaseUrl(), 4);
  }

  @Override
  public void close() {
    server.close();
  }
}
