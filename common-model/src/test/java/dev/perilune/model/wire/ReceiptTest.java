package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTest {

  @Test
  void aTokenReadsBackAsTheSameReceipt() {
    for (Map<Integer, Long> offsets :
        List.of(
            Map.of(0, 0L),
            Map.of(3, 127L, 4, 128L, 11, 16_383L),
            Map.of(0, Long.MAX_VALUE, 9999, 1L, Integer.MAX_VALUE, 1L << 40))) {
      Receipt receipt = new Receipt(new TreeMap<>(offsets));

      assertEquals(receipt, Receipt.parse(receipt.token()));
    }
  }

  @Test
  void aTokenIsShortAndFitsIntoAPath() {
    TreeMap<Integer, Long> offsets = new TreeMap<>();
    for (int partition = 0; partition < 12; partition++) {
      offsets.put(partition, 1_000_000_000L + partition);
    }

    String token = new Receipt(offsets).token();

    assertTrue(token.length() <= 100, token);
    assertTrue(token.matches("[A-Za-z0-9_-]+"), token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "*", "AQ", "Ag", "AQA", "AQCA", "AQD__________________8B", "AQH_____HwAB"})
  void otherTextsAreRefused(String token) {
    assertThrows(IllegalArgumentException.class, () -> Receipt.parse(token));
  }
}
