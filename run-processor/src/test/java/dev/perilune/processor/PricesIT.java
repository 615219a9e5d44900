package dev.perilune.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.pricing.ModelPrice;
import dev.perilune.processor.store.PriceSql;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PricesIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String OWN_PRICE =
      """
      INSERT INTO model_mapping (org_id, name, pattern, unit, input_cost, output_cost)
      VALUES ($1, 'own', 'gpt-4o', 'TOKENS', 1.25, NULL)
      """;

  private final Vertx vertx = Vertx.vertx();
  private final UUID org = UUID.randomUUID();
  private Database database;
  private Prices prices;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
    await(database.query("DELETE FROM model_mapping", Tuple.tuple()));
    await(database.query("INSERT INTO org (id, name) VALUES ($1, 'test')", Tuple.of(org)));
  }

  @AfterEach
  void close() throws Exception {
    if (prices != null) {
      prices.close();
    }
    await(database.close());
    await(vertx.close());
  }

  @Test
  void shippedPricesAreWrittenAndReadBackWithTheirIds() throws Exception {
    start();

    Map<UUID, ModelPrice> stored =
        await(PriceSql.all(database)).stream()
            .collect(Collectors.toMap(ModelPrice::id, Function.identity()));
    assertEquals(DefaultPrices.rows().size(), stored.size());
    for (ModelPrice shipped : DefaultPrices.rows()) {
      assertEquals(plain(shipped), plain(stored.get(shipped.id())));
    }
    assertTrue(prices.get().find(null, "gpt-4o", Instant.now()).isPresent());
  }

  @Test
  void shippedRowThatIsNoLongerShippedGoesAndOwnRowsStay() throws Exception {
    await(
        database.query(
            "INSERT INTO model_mapping (name, pattern, unit) VALUES ('old', 'old', 'TOKENS')",
            Tuple.tuple()));
    await(database.query(OWN_PRICE, Tuple.of(org)));

    start();

    List<ModelPrice> stored = await(PriceSql.all(database));
    assertEquals(0, stored.stream().filter(price -> price.name().equals("old")).count());
    assertEquals(1, stored.stream().filter(price -> org.equals(price.org())).count());
    assertEquals(DefaultPrices.rows().size() + 1, stored.size());
  }

  @Test
  void shippedRowsThatAreRightAreNotTouched() throws Exception {
    await(PriceSql.ship(database, DefaultPrices.rows()));
    long before = lastWritten();

    await(PriceSql.ship(database, DefaultPrices.rows()));

    assertEquals(before, lastWritten());
  }

  @Test
  void priceThatAnOrganisationSetsAppliesAfterTheNextRound() throws Exception {
    start();
    await(database.query(OWN_PRICE, Tuple.of(org)));

    Eventually.holds("own price in force", () -> ownPrice().isPresent());

    assertEquals(0, new BigDecimal("1.25").compareTo(ownPrice().get().inputPerMillion()));
  }

  private Optional<ModelPrice> ownPrice() {
    return prices.get().find(org, "gpt-4o", Instant.now()).filter(price -> org.equals(price.org()));
  }

  private void start() throws Exception {
    prices = Prices.start(vertx, database, Duration.ofMillis(50));
    await(prices.loaded());
  }

  private long lastWritten() throws Exception {
    return await(
            database.one(
                "SELECT max(xmin::text::bigint) AS written FROM model_mapping", Tuple.tuple()))
        .getLong("written");
  }

  /** Without trailing zeros, and with no reduction written as 0. */
  private static ModelPrice plain(ModelPrice price) {
    return new ModelPrice(
        price.id(),
        price.org(),
        price.name(),
        price.pattern(),
        price.unit(),
        plain(price.inputPerMillion()),
        plain(price.outputPerMillion()),
        price.cachedReductionPerMillion() == null
            ? BigDecimal.ZERO
            : plain(price.cachedReductionPerMillion()),
        price.startDate(),
        price.tokenizer());
  }

  private static BigDecimal plain(BigDecimal number) {
    return number == null ? null : number.stripTrailingZeros();
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(20, TimeUnit.SECONDS);
  }
}
