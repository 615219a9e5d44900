package dev.perilune.processor.pipeline;

import dev.perilune.processor.store.Tx;
import java.util.List;

/** One batch from records to rows. */
public final class RunPipeline {

  /**
   * Writes what the records say, within the caller's transaction.
   *
   * @return records that are no events; everything else is stored when the transaction commits
   */
  public List<Rejected> write(Tx tx, List<SourceRecord> records) {
    return List.of();
  }
}
