package dev.perilune.standalone.load;

import java.util.List;
import java.util.UUID;

/**
 * One request's worth of finished runs.
 *
 * @param body the JSON that is posted
 */
record RunBatch(byte[] body, List<UUID> runs) {

  /** The run whose end comes last in the request. */
  UUID lastRun() {
    return runs.get(runs.size() - 1);
  }
}
