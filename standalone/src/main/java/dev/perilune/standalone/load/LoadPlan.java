package dev.perilune.standalone.load;

import dev.perilune.standalone.remote.RemoteFailure;
import java.time.Duration;

/**
 * What is sent, how fast, for how long.
 *
 * @param door which way runs go in
 * @param runsPerSecond 0 sends the next request of each connection as soon as the last is answered
 * @param warmup sent before, not measured
 * @param measured how long is measured
 * @param itemsPerRequest events, two for each run; or spans
 */
record LoadPlan(
    Door door,
    int runsPerSecond,
    Duration warmup,
    Duration measured,
    int itemsPerRequest,
    int connections,
    int inputBytes,
    int outputBytes) {

  LoadPlan {
    RemoteFailure.requireRange("--rate", runsPerSecond, 0, 1_000_000);
    RemoteFailure.requireRange("--warmup", (int) warmup.toSeconds(), 0, 3600);
    RemoteFailure.requireRange("--seconds", (int) measured.toSeconds(), 1, 86_400);
    RemoteFailure.requireRange("--batch", itemsPerRequest, door.itemsPerRun(), 10_000);
    RemoteFailure.requireRange("--connections", connections, 1, 1000);
    RemoteFailure.requireRange("--input-bytes", inputBytes, 1, 1_000_000);
    RemoteFailure.requireRange("--output-bytes", outputBytes, 1, 1_000_000);
    if (itemsPerRequest % door.itemsPerRun() != 0) {
      throw new RemoteFailure("--batch must be even: a run is a start and an end");
    }
  }

  int runsPerRequest() {
    return itemsPerRequest / door.itemsPerRun();
  }

  /** Whether answers, not the clock, decide when the next request is sent. */
  boolean isClosedLoop() {
    return runsPerSecond == 0;
  }

  /** From one request to the next, by the clock. */
  long requestIntervalNanos() {
    return 1_000_000_000L * runsPerRequest() / runsPerSecond;
  }
}
