package dev.perilune.processor;

import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.pricing.ModelPrice;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.store.PriceSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The prices in force, read from the database again and again. */
final class Prices implements Supplier<ModelPrices> {
  private static final Logger log = LoggerFactory.getLogger(Prices.class);

  /** Nothing is stored before the first reading, so that one should not wait long. */
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final Database database;
  private final Duration interval;
  private final Repeated reading;
  private final Promise<Void> loaded = Promise.promise();
  private volatile List<ModelPrice> rows = List.of();
  private volatile ModelPrices prices = new ModelPrices(List.of());
  private volatile boolean shipped;

  private Prices(Vertx vertx, Database database, Duration interval) {
    this.database = database;
    this.interval = interval;
    this.reading = Repeated.start(vertx, this::read);
  }

  /** Writes the prices that come with this build, then reads all of them every {@code interval}. */
  static Prices start(Vertx vertx, Database database, Duration interval) {
    return new Prices(vertx, database, interval);
  }

  /** Completes when the database's prices were read for the first time. */
  Future<Void> loaded() {
    return loaded.future();
  }

  @Override
  public ModelPrices get() {
    return prices;
  }

  void close() {
    reading.close();
  }

  private Future<Duration> read() {
    return ship()
        .compose(done -> PriceSql.all(database))
        .map(this::use)
        .otherwise(
            cause -> {
              log.warn("Prices not read, trying again in {}", RETRY_INTERVAL, cause);
              return RETRY_INTERVAL;
            });
  }

  private Future<Void> ship() {
    if (shipped) {
      return Future.succeededFuture();
    }
    return PriceSql.ship(database, DefaultPrices.rows()).onSuccess(done -> shipped = true);
  }

  private Duration use(List<ModelPrice> read) {
    // the table keeps what it found for a model's name, so it is replaced only for a reason
    if (!read.equals(rows)) {
      rows = read;
      prices = new ModelPrices(read);
      log.info("{} prices in force", read.size());
    }
    loaded.tryComplete();
    return interval;
  }
}
