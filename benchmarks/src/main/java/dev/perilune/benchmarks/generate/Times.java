package dev.perilune.benchmarks.generate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since 1970 and what stands for them. */
final class Times {
  private Times() {}

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** As Postgres reads it. */
  static String text(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
