package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.wire.Receipt.Span;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTest {

  @Test
  void aTokenReadsBackAsTheSameReceipt() {
    for (Map<Integer, List<Span>> spans :
        List.of(
            Map.of(0, List.of(new Span(0, 0))),
            Map.of(
                3, List.of(new Span(0, 127), new Span(129, 129)), 4, List.of(new Span(128, 130))),
            Map.of(
                0,
                List.of(new Span(Long.MAX_VALUE - 1, Long.MAX_VALUE)),
                Integer.MAX_VALUE,
                List.of(new Span(1L << 40, 1L << 41))))) {
      Receipt receipt = new Receipt(7, new TreeMap<>(spans));

      assertEquals(receipt, Receipt.parse(receipt.token()));
    }
  }

  @Test
  void aTokenIsShortAndFitsIntoAPath() {
    ReceiptBuilder builder = new ReceiptBuilder();
    for (int partition = 0; partition < 12; partition++) {
      for (int event = 0; event < 50; event++) {
        builder.add(partition, 1_000_000_000L + partition + event);
      }
    }

    String token = builder.build().token();

    assertTrue(token.length() <= 140, token);
    assertTrue(token.matches("[A-Za-z0-9_-]+"), token);
  }

  @Test
  void eventsOfOthersBetweenOursAreNotCovered() {
    ReceiptBuilder builder = new ReceiptBuilder();
    for (long offset : new long[] {5, 6, 9, 10, 12}) {
      builder.add(1, offset);
    }

    Receipt receipt = builder.build();

    assertEquals(
        List.of(new Span(5, 6), new Span(9, 10), new Span(12, 12)), receipt.spans().get(1));
    assertEquals(Map.of(1, 12L), receipt.lastOffsets());
    assertEquals(5, receipt.events());
  }

  @Test
  void manyGapsAreClosedSoThatTheTokenStaysSmall() {
    ReceiptBuilder builder = new ReceiptBuilder();
    for (int event = 0; event < 1000; event++) {
      builder.add(0, 2L * event);
    }

    Receipt receipt = builder.build();

    assertEquals(8, receipt.spans().get(0).size());
    assertEquals(Map.of(0, 1998L), receipt.lastOffsets());
    assertEquals(1000, receipt.events());
    assertTrue(receipt.token().length() < 40, receipt.token());
  }

  @Test
  void offsetsOutOfOrderAreCoveredToo() {
    ReceiptBuilder builder = new ReceiptBuilder();
    for (long offset : new long[] {5, 9, 3, 4}) {
      builder.add(0, offset);
    }

    assertEquals(List.of(new Span(3, 9)), builder.build().spans().get(0));
  }

  @Test
  void nothingTakenIsNoReceipt() {
    assertNull(new ReceiptBuilder().build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "AQ",
        "Ag",
        "AgE",
        "AgEAAA",
        "AgEAAQ",
        "AgAAAQAA",
        "AgEA_____38",
        "AQEAAQAA"
      })
  void otherTextsAreRefused(String token) {
    assertThrows(IllegalArgumentException.class, () -> Receipt.parse(token));
  }
}
