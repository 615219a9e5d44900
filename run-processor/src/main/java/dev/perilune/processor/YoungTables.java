package dev.perilune.processor;

import dev.perilune.processor.store.StatisticsSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the planner's statistics of tables that grow quickly. A new week begins with an empty
 * table, and plans that know it as empty look through all of it for every run, until somebody
 * counts again; Postgres by itself does that once a minute.
 */
final class YoungTables {
  private static final Logger log = LoggerFactory.getLogger(YoungTables.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Database database;
  private volatile boolean closed;

  private YoungTables(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  static YoungTables start(Vertx vertx, Database database) {
    YoungTables tables = new YoungTables(vertx, database);
    tables.turn();
    return tables;
  }

  void close() {
    closed = true;
  }

  private void turn() {
    StatisticsSql.renew(database)
        .onComplete(
            renewed -> {
              if (renewed.failed()) {
                log.debug("Statistics not renewed", renewed.cause());
              }
              if (!closed) {
                vertx.setTimer(INTERVAL.toMillis(), timer -> turn());
              }
            });
  }
}
