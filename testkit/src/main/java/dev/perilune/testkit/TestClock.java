package dev.perilune.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A UTC clock that stands still until a test moves it; may be read from any thread. */
public final class TestClock extends Clock {
  private volatile Instant now;

  private TestClock(Instant now) {
    this.now = now;
  }

  /** A clock that shows {@code now}. */
  public static TestClock at(Instant now) {
    return new TestClock(now);
  }

  /** A clock that shows an ISO 8601 instant such as {@code 2026-03-01T12:00:00Z}. */
  public static TestClock at(String now) {
    return new TestClock(Instant.parse(now));
  }

  /** Moves the clock, backwards for a negative duration. */
  public void advance(Duration step) {
    now = now.plus(step);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(now, zone);
  }
}
