package dev.perilune.query.analytics.days;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdPlacesTest {

  @Test
  void everyIdKeepsThePlaceThatItGotFirst() {
    Random random = new Random(5);
    IdPlaces places = new IdPlaces();
    Map<Long, Integer> expected = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      // in a row, far apart, negative, and multiples that share their last bits
      long id =
          switch (i % 4) {
            case 0 -> i;
            case 1 -> random.nextLong();
            case 2 -> -random.nextInt(1000);
            default -> (long) random.nextInt(1000) << 32;
          };
      int place = expected.computeIfAbsent(id, next -> expected.size());
      assertEquals(place, places.of(id));
    }
    assertEquals(expected.size(), places.size());
    expected.forEach((id, place) -> assertEquals(id, places.id(place)));
  }
}
