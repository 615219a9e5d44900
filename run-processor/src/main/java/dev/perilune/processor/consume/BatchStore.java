package dev.perilune.processor.consume;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.EnvelopeHead;
import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.DeadLetterSql;
import dev.perilune.processor.store.DeadLetterSql.Letter;
import dev.perilune.processor.store.OffsetSql;
import dev.perilune.processor.store.OffsetSql.Move;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.StoreRefused;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import java.util.List;

/**
 * Stores batches. A batch, its dead letters and the offsets behind it are one transaction: all of
 * it counts or nothing does.
 *
 * <p>The offsets move first. That locks their rows, so a processor that takes a partition over
 * waits for this batch, and one that lost the partition fails here, before it has done any work.
 */
final class BatchStore {
  private static final int LONGEST_REASON = 1_000;

  private final Transactions transactions;
  private final OffsetSql offsets;
  private final BatchStep step;

  BatchStore(Transactions transactions, OffsetSql offsets, BatchStep step) {
    this.transactions = transactions;
    this.offsets = offsets;
    this.step = step;
  }

  /**
   * Stores a batch.
   *
   * @return how many of its records went to the dead letters
   * @throws Poison if one of the records can't be stored; nothing is stored then
   * @throws Fenced if an offset is not where it is believed to be
   * @throws StoreAway if the batch has to wait
   */
  int store(List<SourceRecord> batch, List<Move> moves) {
    try {
      int rejected =
          transactions.run(
              tx -> {
                moveOffsets(tx, moves);
                List<Rejected> refused = write(step, tx, batch);
                park(tx, refused);
                return refused.size();
              });
      step.committed();
      return rejected;
    } catch (StoreRefused e) {
      throw poison(e);
    }
  }

  /** Moves past a record that was tried alone, and keeps it with the reason. */
  void park(SourceRecord record, String reason, List<Move> moves) {
    transactions.run(
        tx -> {
          moveOffsets(tx, moves);
          park(tx, List.of(new Rejected(record, reason)));
          return record;
        });
  }

  /** Runs what is left from earlier batches; returns whether there is more. */
  boolean settle() {
    return transactions.run(step::settle);
  }

  private void moveOffsets(Tx tx, List<Move> moves) {
    if (!offsets.move(tx, moves)) {
      throw new Fenced();
    }
  }

  static Poison poison(StoreRefused refused) {
    return new Poison("The database refuses this record (" + refused.kind() + ")", refused);
  }

  /**
   * Writes records within a transaction.
   *
   * @throws Poison if a fault of ours is in the way of one of them
   */
  static List<Rejected> write(BatchStep step, Tx tx, List<SourceRecord> batch) {
    try {
      return step.write(tx, batch);
    } catch (StoreAway | StoreRefused e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // a fault of ours that some record provokes must not stop all the others
      throw new Poison("Processing this record fails (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  static void park(Tx tx, List<Rejected> rejected) {
    if (!rejected.isEmpty()) {
      DeadLetterSql.park(tx, rejected.stream().map(BatchStore::letter).toList());
    }
  }

  private static Letter letter(Rejected rejected) {
    SourceRecord record = rejected.record();
    return new Letter(
        EnvelopeHead.project(record.value()).map(ProjectId::value).orElse(null),
        record.topic(),
        record.partition(),
        record.offset(),
        0,
        storable(rejected.reason()),
        record.value());
  }

  /** Fit for a text column, and short enough for people. */
  static String storable(String reason) {
    String text = reason.replace('\0', ' ');
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
  }
}
