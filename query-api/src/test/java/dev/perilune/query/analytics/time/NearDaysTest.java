package dev.perilune.query.analytics.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.analytics.time.NearDays.Correction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearDaysTest {

  private static final Instant FIRST = Instant.parse("2026-02-26T00:00:00Z");
  private static final int MINUTES = 5 * 24 * 60;

  @Test
  void daysWithTheirCorrectionsAreTheWindow() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      Window window = new Window(any(random), any(random));
      NearDays near = NearDays.of(window, any(random));
      assertEquals(near.days().from().truncatedTo(ChronoUnit.DAYS), near.days().from());
      assertEquals(near.days().to().truncatedTo(ChronoUnit.DAYS), near.days().to());
      for (int minute = -2 * 24 * 60; minute < MINUTES + 2 * 24 * 60; minute += 30) {
        Instant at = FIRST.plus(minute, ChronoUnit.MINUTES);
        int counted = isIn(near.days(), at) ? 1 : 0;
        for (Correction each : near.corrections()) {
          counted += isIn(each.stretch(), at) ? each.sign() : 0;
        }
        assertEquals(isIn(window, at) ? 1 : 0, counted, window + " at " + at + ": " + near);
      }
    }
  }

  @Test
  void aWindowUpToNowCountsTodayAndCorrectsOnlyItsBeginning() {
    Instant now = Instant.parse("2026-03-02T20:00:00Z");
    Window window = new Window(now.minus(Duration.ofDays(3)), now);

    NearDays near = NearDays.of(window, now);

    assertEquals(Instant.parse("2026-03-03T00:00:00Z"), near.days().to());
    assertEquals(
        List.of(
            new Correction(1, new Window(window.from(), Instant.parse("2026-02-28T00:00:00Z"))),
            new Correction(-1, new Window(now, near.days().to()))),
        near.corrections());
  }

  @Test
  void noMoreThanHalfOfADayIsCorrectedAtEitherEnd() {
    Random random = new Random(6);
    for (int round = 0; round < 500; round++) {
      Instant from = any(random);
      Window window = new Window(from, from.plus(Duration.ofHours(30 + random.nextInt(60))));
      for (Correction each : NearDays.of(window, Instant.MAX).corrections()) {
        Duration length = Duration.between(each.stretch().from(), each.stretch().to());
        assertTrue(length.compareTo(Duration.ofHours(12)) <= 0, window + ": " + each);
      }
    }
  }

  private static Instant any(Random random) {
    return FIRST.plus(30L * random.nextInt(MINUTES / 30), ChronoUnit.MINUTES);
  }

  private static boolean isIn(Window window, Instant at) {
    return !at.isBefore(window.from()) && at.isBefore(window.to());
  }
}
