package dev.perilune.processor;

import dev.perilune.processor.store.PartitionSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tables of the coming weeks ahead of time. Runs outside of them are stored anyway. */
final class WeeklyTables {
  private static final Logger log = LoggerFactory.getLogger(WeeklyTables.class);
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(20);

  private final Vertx vertx;
  private final Database database;
  private volatile boolean closed;

  private WeeklyTables(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  static WeeklyTables start(Vertx vertx, Database database) {
    WeeklyTables tables = new WeeklyTables(vertx, database);
    tables.turn();
    return tables;
  }

  void close() {
    closed = true;
  }

  private void turn() {
    PartitionSql.makeMissing(database)
        .onSuccess(
            made -> {
              if (made > 0) {
                log.info("Made {} weekly tables", made);
              }
              again(INTERVAL);
            })
        .onFailure(
            cause -> {
              log.warn("Weekly tables not made, trying again in {}", RETRY_INTERVAL, cause);
              again(RETRY_INTERVAL);
            });
  }

  private void again(Duration delay) {
    if (!closed) {
      vertx.setTimer(delay.toMillis(), timer -> turn());
    }
  }
}
