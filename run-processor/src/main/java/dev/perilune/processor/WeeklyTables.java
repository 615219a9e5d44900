package dev.perilune.processor;

import dev.perilune.processor.store.PartitionSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tables of the coming weeks ahead of time. Runs outside of them are stored anyway. */
final class WeeklyTables {
  private static final Logger log = LoggerFactory.getLogger(WeeklyTables.class);
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(20);

  private WeeklyTables() {}

  static Repeated start(Vertx vertx, Database database) {
    return Repeated.start(vertx, () -> make(database));
  }

  private static Future<Duration> make(Database database) {
    return PartitionSql.makeMissing(database)
        .map(
            made -> {
              if (made > 0) {
                log.info("Made {} weekly tables", made);
              }
              return INTERVAL;
            })
        .otherwise(
            cause -> {
              log.warn("Weekly tables not made, trying again in {}", RETRY_INTERVAL, cause);
              return RETRY_INTERVAL;
            });
  }
}
