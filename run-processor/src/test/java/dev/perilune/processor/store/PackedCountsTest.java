package dev.perilune.processor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PackedCountsTest {
  private final PackedCounts counts = new PackedCounts(3);

  @Test
  void eachCounterHasItsPlaces() {
    counts.add(0, 7);
    counts.add(3, 42);

    assertEquals("042000000007", counts.up());
    assertEquals("0", counts.down());
    assertEquals(49, counts.total());
  }

  @Test
  void whatGoesDownIsANumberOfItsOwn() {
    counts.add(2, -5);
    counts.add(1, 1);

    assertEquals("001000", counts.up());
    assertEquals("005000000", counts.down());
  }

  @Test
  void whatIsTakenAwayAgainLeavesNothing() {
    counts.add(9, 2);
    counts.add(9, -2);

    assertTrue(counts.isEmpty());
    assertEquals("0", counts.up());
  }

  @Test
  void sumsOfNumbersAreSumsOfCounters() {
    PackedCounts other = new PackedCounts(3);
    counts.add(5, 30);
    counts.add(4, -1);
    other.add(4, 8);
    other.add(0, 1);
    BigInteger sum = number(counts).add(number(other));

    counts.addAll(other);

    assertEquals(number(counts), sum);
    assertFalse(counts.isEmpty());
  }

  private static BigInteger number(PackedCounts counts) {
    return new BigInteger(counts.up()).subtract(new BigInteger(counts.down()));
  }
}
