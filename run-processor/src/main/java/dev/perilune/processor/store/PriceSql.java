package dev.perilune.processor.store;

import dev.perilune.processor.pricing.ModelPrice;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The price table: what ships with the product, and what organisations set beside it. */
public final class PriceSql {

  private static final String ONE_AT_A_TIME =
      "SELECT pg_advisory_xact_lock(hashtext('perilune.default_prices'))";

  // Prices travel as text: the client can't send an array of numerics that holds a null.
  private static final String SHIP =
      """
      INSERT INTO model_mapping AS m
             (id, name, pattern, unit, input_cost, output_cost, input_caching_cost_reduction,
              start_date, tokenizer)
      SELECT id, name, pattern, unit, input::numeric, output::numeric,
             coalesce(reduction::numeric, 0), start_date, tokenizer
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::timestamptz[], $9::text[])
             AS shipped (id, name, pattern, unit, input, output, reduction, start_date, tokenizer)
       ORDER BY id
      ON CONFLICT (id) DO UPDATE
         SET name = excluded.name, pattern = excluded.pattern, unit = excluded.unit,
             input_cost = excluded.input_cost, output_cost = excluded.output_cost,
             input_caching_cost_reduction = excluded.input_caching_cost_reduction,
             start_date = excluded.start_date, tokenizer = excluded.tokenizer,
             updated_at = now()
       WHERE m.org_id IS NULL
         AND (m.name, m.pattern, m.unit, m.input_cost, m.output_cost,
              m.input_caching_cost_reduction, m.start_date, m.tokenizer)
             IS DISTINCT FROM
             (excluded.name, excluded.pattern, excluded.unit, excluded.input_cost,
              excluded.output_cost, excluded.input_caching_cost_reduction, excluded.start_date,
              excluded.tokenizer)
      """;

  private static final String RETIRE =
      "DELETE FROM model_mapping WHERE org_id IS NULL AND id <> ALL ($1::uuid[])";

  private static final String ALL =
      """
      SELECT id, org_id, name, pattern, unit, input_cost, output_cost,
             input_caching_cost_reduction, start_date, tokenizer
        FROM model_mapping
       ORDER BY id
      """;

  private PriceSql() {}

  /** Makes the shipped part of the table what this build ships; organisations' rows stay. */
  public static Future<Void> ship(Database database, List<ModelPrice> prices) {
    UUID[] ids = column(prices, ModelPrice::id, UUID[]::new);
    return database.inTransaction(
        connection ->
            connection
                .query(ONE_AT_A_TIME)
                .execute()
                .compose(locked -> connection.preparedQuery(SHIP).execute(values(prices, ids)))
                .compose(
                    shipped ->
                        connection.preparedQuery(RETIRE).execute(Tuple.tuple().addArrayOfUUID(ids)))
                .mapEmpty());
  }

  /** All prices of all organisations, in a fixed order. */
  public static Future<List<ModelPrice>> all(Database database) {
    return database.query(ALL, Tuple.tuple()).map(PriceSql::prices);
  }

  /** The same within a transaction. */
  public static List<ModelPrice> all(Tx tx) {
    return prices(tx.run(ALL, Tuple.tuple()));
  }

  private static List<ModelPrice> prices(RowSet<Row> rows) {
    List<ModelPrice> prices = new ArrayList<>(rows.size());
    rows.forEach(row -> prices.add(price(row)));
    return prices;
  }

  private static Tuple values(List<ModelPrice> prices, UUID[] ids) {
    return Tuple.tuple()
        .addArrayOfUUID(ids)
        .addArrayOfString(column(prices, ModelPrice::name, String[]::new))
        .addArrayOfString(column(prices, ModelPrice::pattern, String[]::new))
        .addArrayOfString(column(prices, price -> price.unit().name(), String[]::new))
        .addArrayOfString(column(prices, price -> text(price.inputPerMillion()), String[]::new))
        .addArrayOfString(column(prices, price -> text(price.outputPerMillion()), String[]::new))
        .addArrayOfString(
            column(prices, price -> text(price.cachedReductionPerMillion()), String[]::new))
        .addArrayOfOffsetDateTime(
            column(
                prices,
                price -> price.startDate().atOffset(ZoneOffset.UTC),
                java.time.OffsetDateTime[]::new))
        .addArrayOfString(
            column(
                prices,
                price -> price.tokenizer() == null ? "" : price.tokenizer(),
                String[]::new));
  }

  private static ModelPrice price(Row row) {
    String tokenizer = row.getString("tokenizer");
    return new ModelPrice(
        row.getUUID("id"),
        row.getUUID("org_id"),
        row.getString("name"),
        row.getString("pattern"),
        ModelPrice.Unit.valueOf(row.getString("unit")),
        row.getBigDecimal("input_cost"),
        row.getBigDecimal("output_cost"),
        row.getBigDecimal("input_caching_cost_reduction"),
        row.getOffsetDateTime("start_date").toInstant(),
        tokenizer.isEmpty() ? null : tokenizer);
  }

  private static @Nullable String text(@Nullable BigDecimal price) {
    return price == null ? null : price.toPlainString();
  }

  private static <T> T[] column(
      List<ModelPrice> prices,
      Function<ModelPrice, @Nullable T> value,
      java.util.function.IntFunction<T[]> array) {
    return prices.stream().map(value).toArray(array);
  }
}
