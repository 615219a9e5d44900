package dev.perilune.query.analytics;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;

/**
 * An answer that may be shown more than once.
 *
 * @param approximate whether it holds percentiles from a histogram
 * @param asOf the state of the data that it tells of is not older than this
 * @param fresh how long it may be shown
 */
record Answered(Buffer body, boolean approximate, Instant asOf, Duration fresh) {

  /** Seconds for which it may still be shown. */
  long secondsLeft(Instant now) {
    return Math.max(0, Duration.between(now, asOf.plus(fresh)).toSeconds());
  }
}
