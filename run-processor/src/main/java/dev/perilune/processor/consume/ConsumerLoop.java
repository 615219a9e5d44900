package dev.perilune.processor.consume;

import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.OffsetSql.Move;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.Transactions;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's life, a turn at a time, all on the poll thread.
 *
 * <p>A turn claims what was assigned, polls, and stores at most one batch, so that no turn takes
 * longer than one transaction may. While batches are left over (Postgres is away, or a batch is
 * being halved to find a record that can't be stored) polling goes on with all partitions paused:
 * the group sees us alive, rebalances happen, and nothing more is fetched. What a rebalance takes
 * away is dropped from the backlog; its new owner reads it from the stored offset.
 */
final class ConsumerLoop {
  private static final Logger log = LoggerFactory.getLogger(ConsumerLoop.class);

  /** Longest wait for records; what else is due has to wait as long. */
  private static final Duration POLL_LIMIT = Duration.ofMillis(200);

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration UPKEEP_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SETTLE_INTERVAL = Duration.ofMillis(500);
  private static final Duration LETTERS_INTERVAL = Duration.ofSeconds(20);
  private static final Duration REDRIVE_INTERVAL = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Transactions transactions;
  private final Backlog backlog;
  private final Assignment assignment;
  private final BatchStore store;
  private final DeadLetterTopic letters;
  private final Redrive redrive;
  private final Progress progress;
  private final Backoff backoff = new Backoff();
  private final Every heartbeatDue = new Every(HEARTBEAT_INTERVAL);
  private final Every upkeepDue = new Every(UPKEEP_INTERVAL);
  private final Every lettersDue = new Every(LETTERS_INTERVAL);
  private final Every settleDue = new Every(SETTLE_INTERVAL);
  private final Every redriveDue = new Every(REDRIVE_INTERVAL);

  ConsumerLoop(
      Consumer<byte[], byte[]> consumer,
      Transactions transactions,
      Backlog backlog,
      Assignment assignment,
      BatchStore store,
      DeadLetterTopic letters,
      Redrive redrive,
      Progress progress) {
    this.consumer = consumer;
    this.transactions = transactions;
    this.backlog = backlog;
    this.assignment = assignment;
    this.store = store;
    this.letters = letters;
    this.redrive = redrive;
    this.progress = progress;
  }

  void turn() {
    try {
      assignment.claim(transactions);
      upkeep();
      poll();
      progress.polled(consumer);
      if (!backlog.isEmpty()) {
        store(backlog.first());
      }
      backoff.reset();
      if (assignment.isSettled()) {
        progress.running();
      }
    } catch (Fenced e) {
      progress.retry("fenced");
      pause(e, backoff.afterFailure());
    } catch (StoreAway e) {
      progress.retry(e.isCollision() ? "collision" : "away");
      pause(e, e.isCollision() ? backoff.afterCollision() : backoff.afterFailure());
    }
    progress.look(consumer, assignment.next());
  }

  private void upkeep() {
    if (upkeepDue.now()) {
      assignment.reconcile(transactions);
      assignment.hintToKafka();
    }
    if (settleDue.now() && store.settle()) {
      settleDue.soon();
    }
    if (lettersDue.now() && letters.publishSome(transactions)) {
      lettersDue.soon();
    }
    List<Move> held = assignment.held();
    if (!held.isEmpty() && redriveDue.now() && redrive.some(held)) {
      redriveDue.soon();
    }
  }

  private void poll() {
    if (backlog.isEmpty()) {
      assignment.resumeClaimed();
      backlog.add(consumer.poll(POLL_LIMIT));
    } else if (heartbeatDue.now()) {
      assignment.pauseAll();
      backlog.add(consumer.poll(Duration.ZERO));
    }
  }

  private void store(List<SourceRecord> batch) {
    long startedNanos = System.nanoTime();
    List<Move> moves = assignment.moves(batch);
    try {
      int rejected = store.store(batch, moves);
      progress.parked(rejected, "malformed");
      letters(rejected);
    } catch (Poison e) {
      progress.retry("poison");
      if (batch.size() > 1) {
        backlog.halveFirst();
        return;
      }
      park(batch.get(0), e, moves);
    }
    backlog.removeFirst();
    assignment.moved(moves);
    progress.stored(batch.size(), System.nanoTime() - startedNanos);
  }

  private void park(SourceRecord record, Poison poison, List<Move> moves) {
    log.error(
        "Record {}-{} at {} can't be stored, parking it",
        record.topic(),
        record.partition(),
        record.offset(),
        poison.getCause());
    store.park(record, poison.getMessage(), moves);
    progress.parked(1, "poison");
    letters(1);
  }

  private void letters(int added) {
    if (added > 0) {
      lettersDue.soon();
    }
  }

  /** Waits without work; whether the last batch counted is looked up before it is tried again. */
  private void pause(RuntimeException cause, Duration delay) {
    upkeepDue.soon();
    if (!delay.isZero()) {
      progress.paused(cause, delay);
      assignment.pauseAll();
      backlog.add(consumer.poll(delay));
    }
  }
}
