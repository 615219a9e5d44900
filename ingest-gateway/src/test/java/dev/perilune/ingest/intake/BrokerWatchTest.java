package dev.perilune.ingest.intake;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BrokerWatchTest {

  private long nowNanos = -5;
  private final BrokerWatch watch = new BrokerWatch(Duration.ofMillis(700), () -> nowNanos);

  @Test
  void nothingSentIsNoSilence() {
    pass(5_000);

    assertFalse(watch.isAway());
    assertTrue(watch.admits());
  }

  @Test
  void noAcknowledgementForAWhileMeansAway() {
    watch.sent(100);
    pass(700);
    assertFalse(watch.isAway());

    pass(100);
    assertTrue(watch.isAway());
  }

  @Test
  void anyAcknowledgementCountsForAllThatWait() {
    watch.sent(100);
    for (int i = 0; i < 20; i++) {
      pass(500);
      watch.sent(100);
      watch.acknowledged();
    }

    assertFalse(watch.isAway());
  }

  @Test
  void idleTimeBeforeARecordDoesNotCount() {
    pass(10_000);
    watch.sent(100);
    pass(500);

    assertFalse(watch.isAway());
  }

  @Test
  void whileAwayOneProbeIsLetThroughNowAndThen() {
    goAway();

    assertTrue(watch.admits());
    assertFalse(watch.admits());
    pass(200);
    assertFalse(watch.admits());
    pass(100);
    assertTrue(watch.admits());
    assertFalse(watch.admits());
  }

  @Test
  void givingUpRecordsProvesNothing() {
    goAway();
    watch.givenUp();
    pass(1_000);

    assertTrue(watch.isAway());
  }

  @Test
  void anAcknowledgementEndsIt() {
    goAway();
    watch.sent(100);
    watch.acknowledged();

    assertFalse(watch.isAway());
    assertTrue(watch.admits());
    assertTrue(watch.admits());
  }

  @Test
  void aProducerWithoutAnyBrokerIsAwayAtOnce() {
    watch.sent(100);
    watch.lost();

    assertTrue(watch.isAway());
    assertTrue(watch.owesNothing());
    watch.found();
    assertFalse(watch.isAway());
  }

  @Test
  void largeRecordsEarnPatience() {
    watch.sent(20 << 20);
    pass(1_900);
    assertFalse(watch.isAway());

    pass(300);
    assertTrue(watch.isAway());
  }

  @Test
  void aProcessThatStoodStillDoesNotBlameTheBroker() {
    watch.sent(100);
    nowNanos += TimeUnit.SECONDS.toNanos(10);
    watch.tick();

    assertFalse(watch.isAway());
    pass(800);
    assertTrue(watch.isAway());
  }

  private void goAway() {
    watch.sent(100);
    pass(1_000);
    assertTrue(watch.isAway());
  }

  private void pass(int millis) {
    for (int passed = 0; passed < millis; passed += 100) {
      nowNanos += TimeUnit.MILLISECONDS.toNanos(100);
      watch.tick();
    }
  }
}
