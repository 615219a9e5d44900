package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.DeadLetterSql;
import dev.perilune.processor.store.DeadLetterSql.Letter;
import dev.perilune.processor.store.DeadLetterSql.StoredLetter;
import dev.perilune.processor.store.OffsetSql;
import dev.perilune.processor.store.OffsetSql.Move;
import dev.perilune.processor.store.StoreRefused;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tries dead letters again that somebody asked for, on the same way as new records. What can be
 * stored now is deleted from the letters in the transaction that stores it; what can't gets its new
 * reason and is left alone until it is asked for again.
 *
 * <p>A letter is tried by the consumer that holds the partition it came from, with the offset row
 * locked: nobody else writes events of the same run meanwhile.
 */
final class Redrive {
  static final int MAX_LETTERS = 500;

  private static final long MAX_BYTES = 4 << 20;

  private final Transactions transactions;
  private final OffsetSql offsets;
  private final BatchStep step;
  private final Progress progress;

  /** Letters of the next round; fewer after a round that met one which stops all of them. */
  private int limit = MAX_LETTERS;

  Redrive(Transactions transactions, OffsetSql offsets, BatchStep step, Progress progress) {
    this.transactions = transactions;
    this.offsets = offsets;
    this.step = step;
    this.progress = progress;
  }

  /**
   * Tries some of the letters that are due.
   *
   * @param held the partitions of this consumer, each moving from where it is to where it is
   * @return whether there may be more
   * @throws Fenced if one of them has another owner or offset
   */
  boolean some(List<Move> held) {
    Set<Integer> partitions = held.stream().map(Move::partition).collect(Collectors.toSet());
    List<StoredLetter> due =
        transactions.run(
            tx -> DeadLetterSql.toRedrive(tx, Topics.EVENTS, partitions, limit, MAX_BYTES));
    if (due.isEmpty()) {
      return false;
    }
    try {
      int failed = transactions.run(tx -> again(tx, held, due));
      step.committed();
      count(failed, due.size());
      limit = MAX_LETTERS;
    } catch (Poison poison) {
      if (due.size() > 1) {
        limit = due.size() / 2;
      } else {
        transactions.run(tx -> keep(tx, Map.of(due.get(0).id(), poison.getMessage())));
        count(1, 1);
        limit = MAX_LETTERS;
      }
    }
    return true;
  }

  /** Returns how many of them can't be stored this time either. */
  private int again(Tx tx, List<Move> held, List<StoredLetter> due) {
    Set<Integer> needed =
        due.stream().map(letter -> letter.letter().partition()).collect(Collectors.toSet());
    List<Move> locked = held.stream().filter(move -> needed.contains(move.partition())).toList();
    if (!offsets.move(tx, locked)) {
      throw new Fenced();
    }
    Map<SourceRecord, Long> ids = new LinkedHashMap<>();
    due.forEach(letter -> ids.put(source(letter.letter()), letter.id()));
    Map<Long, String> failed = new LinkedHashMap<>();
    for (Rejected rejected : write(tx, List.copyOf(ids.keySet()))) {
      failed.put(ids.get(rejected.record()), BatchStore.storable(rejected.reason()));
    }
    Set<Long> stored = new HashSet<>(ids.values());
    stored.removeAll(failed.keySet());
    DeadLetterSql.delete(tx, stored);
    return keep(tx, failed);
  }

  private List<Rejected> write(Tx tx, List<SourceRecord> records) {
    try {
      return BatchStore.write(step, tx, records);
    } catch (StoreRefused e) {
      throw BatchStore.poison(e);
    }
  }

  private static int keep(Tx tx, Map<Long, String> failed) {
    if (!failed.isEmpty()) {
      DeadLetterSql.failedAgain(tx, failed);
    }
    return failed.size();
  }

  private void count(int failed, int tried) {
    progress.redriven("failed", failed);
    progress.redriven("stored", tried - failed);
  }

  private static SourceRecord source(Letter letter) {
    return new SourceRecord(letter.topic(), letter.partition(), letter.offset(), letter.record());
  }
}
