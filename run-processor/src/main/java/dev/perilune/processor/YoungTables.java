package dev.perilune.processor;

import dev.perilune.processor.store.StatisticsSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
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

  private YoungTables() {}

  static Repeated start(Vertx vertx, Database database) {
    return Repeated.start(vertx, () -> renew(database));
  }

  private static Future<Duration> renew(Database database) {
    return StatisticsSql.renew(database)
        .map(renewed -> INTERVAL)
        .otherwise(
            cause -> {
              log.debug("Statistics not renewed", cause);
              return INTERVAL;
            });
  }
}
