package dev.perilune.model.wire;

import dev.perilune.model.ProjectId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Names of the Kafka topics, and the key that decides who merges.
 *
 * <p>Records of one run share a key and so a partition: one processor sees them all. The messages
 * of a conversation are keyed by their thread, because exchanges are folded over the whole thread.
 */
public final class Topics {
  /** Checked events of known projects; the processors read it. */
  public static final String EVENTS = "perilune.events";

  /** Events written by producers of users, not checked yet. */
  public static final String INGEST = "perilune.ingest";

  /** What can't be taken, with the reason in a header. */
  public static final String DEAD_LETTERS = "perilune.dead-letters";

  /** Runs that changed, after they were stored. */
  public static final String RUNS = "perilune.runs";

  private Topics() {}

  /** The record key for the run or thread with this id: 32 bytes, project then id. */
  public static byte[] key(ProjectId project, UUID runOrThread) {
    return ByteBuffer.allocate(32)
        .putLong(project.value().getMostSignificantBits())
        .putLong(project.value().getLeastSignificantBits())
        .putLong(runOrThread.getMostSignificantBits())
        .putLong(runOrThread.getLeastSignificantBits())
        .array();
  }
}
