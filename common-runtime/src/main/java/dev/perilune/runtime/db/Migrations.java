package dev.perilune.runtime.db;

import dev.perilune.runtime.config.PgSettings;
import org.flywaydb.core.Flyway;

/** Brings the schema to the version of this build. */
public final class Migrations {

  private Migrations() {}

  /**
   * Applies what is missing of {@code db/migration}. Blocks; safe to run from several processes at
   * once, since Flyway takes a lock.
   *
   * @return how many migrations were applied
   */
  public static int run(PgSettings settings) {
    return Flyway.configure()
        .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
        .locations("classpath:db/migration")
        .connectRetries(10)
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
