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

  private final Vertx vertx;
  private final Database database;
  private final Duration interval;
  private final Promise<Void> loaded = Promise.promise();
  private volatile List<ModelPrice> rows = List.of();
  private volatile ModelPrices prices = new ModelPrices(List.of());
  private volatile boolean shipped;
  private volatile boolean closed;

  private Prices(Vertx vertx, Database database, Duration interval) {
    this.vertx = vertx;
    this.database = database;
    this.interval = interval;
  }

  /** Writes the prices that come with this build, then reads all of them every {@code interval}. */
  static Prices start(Vertx vertx, Database database, Duration interval) {
    Prices prices = new Prices(vertx, database, interval);
    prices.turn();
    return prices;
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
    closed = true;
  }

  private void turn() {
    ship()
        .compose(done -> PriceSql.all(database))
        .onSuccess(this::use)
        .onFailure(cause -> log.warn("Prices not read, trying again soon", cause))
        .onComplete(done -> again(done.succeeded() ? interval : RETRY_INTERVAL));
  }

  private Future<Void> ship() {
    if (shipped) {
      return Future.succeededFuture();
    }
    return PriceSql.ship(database, DefaultPrices.rows()).onSuccess(done -> shipped = true);
  }

  private void use(List<ModelPrice> read) {
    // the table keeps what it found for a model's name, so it is replaced only for a reason
    if (!read.equals(rows)) {
      rows = read;
      prices = new ModelPrices(read);
      log.info("{} prices in force", read.size());
    }
    loaded.tryComplete();
  }

  private void again(Duration delay) {
    if (!closed) {
      vertx.setTimer(delay.toMillis(), timer -> turn());
    }
  }
}
