package dev.perilune.benchmarks.generate;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What is to be made up.
 *
 * @param until when the last hour ends, a full hour
 * @param users of how many people the runs are
 * @param largestTrace runs of one trace that is larger than all others; 0 for none
 * @param seed the same plan makes the same runs
 */
public record GeneratePlan(
    UUID project, long runs, int days, Instant until, int users, int largestTrace, long seed) {

  public GeneratePlan {
    if (runs < 1 || days < 1 || users < 1 || largestTrace < 0 || largestTrace > runs) {
      throw new IllegalArgumentException(
          "Runs, days and users must be positive, and the largest trace at most all runs");
    }
  }

  int hours() {
    return days * 24;
  }

  Instant from() {
    return until.minus(Duration.ofHours(hours()));
  }
}
