package dev.perilune.processor.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Percentiles that the figures give, against the durations themselves. */
class LatencyFiguresIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final double[] SHARES = {0, 0.01, 0.5, 0.75, 0.9, 0.95, 0.99, 1};
  private static final double LARGEST_ERROR = 0.01;
  private static final double SMALLEST_SECONDS = 0.001;

  private static final String BOTH =
      """
      SELECT latency_percentile($2::text::numeric - $3::text::numeric, $4::double precision) AS estimated,
             percentile_cont($4::double precision) WITHIN GROUP (ORDER BY m / 1e6) AS exact
        FROM unnest($1::bigint[]) AS m
      """;

  private final Vertx vertx = Vertx.vertx();
  private Database database;
  private Transactions transactions;

  @BeforeEach
  void open() {
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
    transactions = new Transactions(database, Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    transactions.close();
    database.close();
    vertx.close();
  }

  @Test
  void javaAndTheDatabaseHaveTheSameBuckets() {
    List<Long> bounds = new ArrayList<>();
    rows("SELECT from_micros FROM latency_bucket WHERE bucket > 0 ORDER BY bucket", Tuple.tuple())
        .forEach(row -> bounds.add(row.getLong(0)));

    assertArrayEquals(
        LatencyBuckets.bounds(), bounds.stream().mapToLong(Long::longValue).toArray());
    Long[] edges =
        bounds.stream()
            .flatMap(bound -> Stream.of(bound - 1, bound, bound + 1))
            .toArray(Long[]::new);
    rows(
            "SELECT m, latency_bucket_of(m) FROM unnest($1::bigint[]) AS m",
            Tuple.tuple().addArrayOfLong(edges))
        .forEach(
            row ->
                assertEquals(
                    row.getInteger(1), LatencyBuckets.of(row.getLong(0)), row.getLong(0) + " us"));
    assertEquals(0, LatencyBuckets.of(-5));
    assertEquals(bounds.size(), LatencyBuckets.of(Long.MAX_VALUE));
  }

  @Test
  void percentilesAreAtMostOnePercentOff() {
    Random random = new Random(1);
    for (int sample = 0; sample < 40; sample++) {
      int runs = 1 + random.nextInt(sample % 2 == 0 ? 8 : 2000);
      double decades = 1 + random.nextDouble() * 8;
      Long[] micros = new Long[runs];
      PackedCounts histogram = new PackedCounts(12);
      for (int i = 0; i < runs; i++) {
        micros[i] = (long) Math.pow(10, 2 + random.nextDouble() * decades);
        histogram.add(LatencyBuckets.of(micros[i]), 1);
      }
      compare(micros, histogram);
    }
  }

  private void compare(Long[] micros, PackedCounts histogram) {
    for (double share : SHARES) {
      Row row =
          rows(
                  BOTH,
                  Tuple.tuple()
                      .addArrayOfLong(micros)
                      .addString(histogram.up())
                      .addString(histogram.down())
                      .addDouble(share))
              .iterator()
              .next();
      double exact = row.getDouble("exact");
      double off = Math.abs(row.getDouble("estimated") - exact);
      assertTrue(
          off <= LARGEST_ERROR * exact + SMALLEST_SECONDS,
          () -> "share %s: %s instead of %s".formatted(share, row.getDouble("estimated"), exact));
    }
  }

  private Iterable<Row> rows(String sql, Tuple values) {
    return transactions.run(tx -> tx.run(sql, values));
  }
}
