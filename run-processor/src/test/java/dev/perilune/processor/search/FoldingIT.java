package dev.perilune.processor.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.processor.store.SearchQueueSql;
import dev.perilune.processor.store.Transactions;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the indexer makes of texts, against what the database makes of them. */
class FoldingIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  /** Where scripts have capitals, letters that become several, and signs that join others. */
  private static final String ODD = "iIİı\u0307\u0131\u0130ßẞﬁﬃŉǰΐΣσςſÅK\u0345Ώᾳᾼᲀ𐐀𞤀İ̇ı̇i̇̇";

  private final Vertx vertx = Vertx.vertx();
  private Database database;
  private Transactions transactions;
  private Folding folding;

  @BeforeEach
  void open() {
    database = Database.open(vertx, POSTGRES.settings(), new Meters());
    transactions = new Transactions(database, Duration.ofSeconds(20));
    folding = new Folding(transactions.run(SearchQueueSql::folded));
  }

  @AfterEach
  void close() throws Exception {
    transactions.close();
    database.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void everyCharacterThereIsIsFoldedAsTheDatabaseDoes() {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int point = 1; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        text.appendCodePoint(point);
      }
      if (text.length() >= 10_000 || point == Character.MAX_CODE_POINT) {
        texts.add(text.toString());
        text.setLength(0);
      }
    }
    assertFoldedAlike(texts);
  }

  @Test
  void textsOfAllScriptsAreFoldedAsTheDatabaseDoes() {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>();
    for (int length = 0; length < 3_000; length++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < length) {
        text.appendCodePoint(anyPoint(random));
      }
      texts.add(text.toString());
    }
    assertFoldedAlike(texts);
  }

  private static int anyPoint(Random random) {
    int kind = random.nextInt(10);
    if (kind < 4) {
      return ODD.codePointAt(
          ODD.offsetByCodePoints(0, random.nextInt(ODD.codePointCount(0, ODD.length()))));
    }
    int point = 1 + random.nextInt(kind < 7 ? 0x600 : kind < 9 ? 0xFFFF : 0x1FFFF);
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'I' : point;
  }

  private void assertFoldedAlike(List<String> texts) {
    List<String> expected = new ArrayList<>();
    Tuple values = Tuple.tuple().addArrayOfString(texts.toArray(String[]::new));
    String sql =
        "SELECT folded(t) AS folded FROM unnest($1::text[]) WITH ORDINALITY AS g(t, place)"
            + " ORDER BY place";
    for (Row row : transactions.run(tx -> tx.run(sql, values))) {
      expected.add(row.getString("folded"));
    }
    for (int i = 0; i < texts.size(); i++) {
      int length = folding.fold(texts.get(i));
      assertEquals(expected.get(i), new String(folding.buffer(), 0, length), "text " + i);
    }
  }
}
