package dev.perilune.processor.consume;

import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.Tx;
import java.util.List;

/** What is done with a batch of records, inside the transaction that moves past them. */
public interface BatchStep {

  /**
   * Writes what the records say; may be called again with the same or fewer of them.
   *
   * @return records that can never be stored, with the reason
   */
  List<Rejected> write(Tx tx, List<SourceRecord> records);

  /** What {@link #write} wrote last counts now; same thread, and must neither wait nor throw. */
  default void committed() {}

  /**
   * Does what could not be done beside other transactions; called between batches.
   *
   * @return whether there is more of it
   */
  default boolean settle(Tx tx) {
    return false;
  }
}
