package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff();

  @Test
  void waitsGrowToFiveSecondsAndNoFurther() {
    for (int millis : new int[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000}) {
      assertWithinHalfOf(millis, backoff.afterFailure());
    }
  }

  @Test
  void collisionsAreTriedAgainAtOnceThreeTimes() {
    assertEquals(Duration.ZERO, backoff.afterCollision());
    assertEquals(Duration.ZERO, backoff.afterCollision());
    assertEquals(Duration.ZERO, backoff.afterCollision());
    assertWithinHalfOf(100, backoff.afterCollision());
  }

  @Test
  void successStartsOver() {
    backoff.afterFailure();
    backoff.afterFailure();

    backoff.reset();

    assertWithinHalfOf(100, backoff.afterFailure());
  }

  private static void assertWithinHalfOf(long millis, Duration wait) {
    assertTrue(wait.toMillis() >= millis / 2 && wait.toMillis() <= millis, wait + " of " + millis);
  }
}
