package dev.perilune.processor.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 50);
  private final AtomicBoolean behind = new AtomicBoolean(true);
  private final Pace pace = new Pace(behind::get, nanos::get);

  @Test
  void whileIngestIsBehindATwentiethOfTheTimeIsWorked() {
    assertEquals(10_000 / 20, workedIn(10_000), 5);
  }

  @Test
  void halfOfTheTimeIsWorkedOtherwise() {
    behind.set(false);
    assertEquals(10_000 / 2, workedIn(10_000), 5);
  }

  private long workedIn(long length) {
    long startNanos = nanos.get();
    long worked = 0;
    while (nanos.get() - startNanos < length) {
      if (pace.isDue()) {
        work(5);
        worked += 5;
      } else {
        nanos.incrementAndGet();
      }
    }
    return worked;
  }

  @Test
  void theRestIsShortOnceIngestHasCaughtUp() {
    work(1_000);
    nanos.addAndGet(1_000);
    assertFalse(pace.isDue());
    behind.set(false);
    assertTrue(pace.isDue());
  }

  @Test
  void workBeginsAtOnce() {
    assertTrue(pace.isDue());
  }

  private void work(long length) {
    pace.begin();
    nanos.addAndGet(length);
    pace.end();
  }
}
