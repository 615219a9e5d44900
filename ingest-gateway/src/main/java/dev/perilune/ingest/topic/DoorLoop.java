package dev.perilune.ingest.topic;

import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's life, a turn at a time, all on the door's thread.
 *
 * <p>A turn reads some records, hands all their events to the intake, waits until the broker has
 * each of them or its dead letter on all copies, and only then commits the records' offsets. A
 * crash at any point makes the next owner take the same records again: the same events, at the same
 * times, which are the same runs. While that fails (the broker is away, or nobody can say whose a
 * record is) the records wait, polling goes on with all partitions paused, and nothing more is
 * fetched.
 */
final class DoorLoop implements ConsumerRebalanceListener {
  private static final Logger log = LoggerFactory.getLogger(DoorLoop.class);

  private static final Duration POLL_LIMIT = Duration.ofMillis(200);
  private static final Duration COMMIT_LIMIT = Duration.ofSeconds(2);
  private static final int BATCH_RECORDS = 500;
  private static final int BATCH_BYTES = 4 << 20;
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 5;

  private final Consumer<byte[], byte[]> consumer;
  private final RecordIntake intake;
  private final DeadLetterProducer letters;
  private final DoorProgress progress;

  /** Read and not taken yet, in order. */
  private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();

  /** Taken, and the group does not know yet. */
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();

  private int failures;

  DoorLoop(
      Consumer<byte[], byte[]> consumer,
      RecordIntake intake,
      DeadLetterProducer letters,
      DoorProgress progress) {
    this.consumer = consumer;
    this.intake = intake;
    this.letters = letters;
    this.progress = progress;
  }

  /**
   * Takes what there is, once.
   *
   * @throws KafkaException when this consumer is of no use any more
   */
  void turn() throws InterruptedException {
    try {
      if (waiting.isEmpty()) {
        consumer.resume(consumer.paused());
        read();
      }
      if (!waiting.isEmpty()) {
        takeWaiting();
      }
      commit();
      failures = 0;
      progress.reading();
    } catch (Problem.Unavailable | TimeoutException | RetriableCommitFailedException away) {
      progress.waiting(away);
      consumer.pause(consumer.assignment());
      add(consumer.poll(nextWait()));
    }
    progress.look(consumer, waiting.size());
  }

  /** Tells the group what was taken, if it can be told soon; else it is taken again. */
  void leave() {
    try {
      commit();
    } catch (KafkaException e) {
      log.debug("Offsets stay behind; what was taken is taken again", e);
    }
  }

  private void read() {
    int bytes = add(consumer.poll(POLL_LIMIT));
    boolean more = bytes > 0;
    while (more && bytes < BATCH_BYTES && waiting.size() < BATCH_RECORDS) {
      int added = add(consumer.poll(Duration.ZERO));
      more = added > 0;
      bytes += added;
    }
  }

  /** Returns how many bytes were added, with something for each record. */
  private int add(ConsumerRecords<byte[], byte[]> records) {
    int bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      waiting.add(record);
      bytes += 1 + Math.max(0, record.serializedValueSize());
    }
    return bytes;
  }

  private void takeWaiting() throws InterruptedException {
    List<Future<List<DeadLetter>>> taken = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : waiting) {
      taken.add(intake.take(record));
    }
    List<DeadLetter> refused = new ArrayList<>();
    for (Future<List<DeadLetter>> one : taken) {
      refused.addAll(RecordIntake.await(one));
    }
    letters.publish(refused);
    progress.taken(waiting.size(), refused);
    for (ConsumerRecord<?, ?> record : waiting) {
      uncommitted.put(
          new TopicPartition(record.topic(), record.partition()),
          new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
    }
    waiting.clear();
  }

  private void commit() {
    uncommitted.keySet().retainAll(consumer.assignment());
    if (uncommitted.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(uncommitted, COMMIT_LIMIT);
      uncommitted.clear();
    } catch (RebalanceInProgressException later) {
      log.debug("Committing after the rebalance", later);
    } catch (CommitFailedException lost) {
      log.info("Lost the partitions; their next owner takes some records again");
      uncommitted.clear();
    }
  }

  /** Half to all of 0.1 s to 3.2 s, twice as long each time, so that gateways do not meet. */
  private Duration nextWait() {
    long step = FIRST_WAIT_MILLIS << Math.min(failures, MOST_DOUBLINGS);
    failures++;
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(step / 2, step + 1));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    leave();
    onPartitionsLost(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    Set<TopicPartition> gone = Set.copyOf(partitions);
    uncommitted.keySet().removeAll(gone);
    waiting.removeIf(
        record -> gone.contains(new TopicPartition(record.topic(), record.partition())));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    log.debug("Also reading {}", partitions);
  }
}
