package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.OffsetSql;
import dev.perilune.processor.store.OffsetSql.Move;
import dev.perilune.processor.store.OffsetSql.Position;
import dev.perilune.processor.store.Transactions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one consumer and how far each is stored.
 *
 * <p>Kafka says who should read a partition, the offset row in Postgres says who may store it. A
 * partition that Kafka assigns stays paused until its row is claimed: claiming waits for a
 * transaction of the former owner that still runs, and makes every later one of his fail. Reading
 * then starts at the row's offset, whatever Kafka has committed, and only if the log before it is
 * still the one that was stored: the broker is asked for its leader epoch, and when it lost the end
 * of its log, reading goes on where that now ends.
 */
final class Assignment implements ConsumerRebalanceListener {
  private static final Logger log = LoggerFactory.getLogger(Assignment.class);

  private final Consumer<byte[], byte[]> consumer;
  private final OffsetSql offsets;
  private final Backlog backlog;
  private final Map<Integer, Position> claimed = new TreeMap<>();
  private final Set<Integer> unclaimed = new TreeSet<>();
  private boolean joined;

  Assignment(Consumer<byte[], byte[]> consumer, OffsetSql offsets, Backlog backlog) {
    this.consumer = consumer;
    this.offsets = offsets;
    this.backlog = backlog;
  }

  void subscribe() {
    joined = false;
    consumer.subscribe(List.of(Topics.EVENTS), this);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    joined = true;
    unclaimed.addAll(numbers(partitions));
    consumer.pause(partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    Set<Integer> gone = numbers(partitions);
    claimed.keySet().removeAll(gone);
    unclaimed.removeAll(gone);
    backlog.drop(gone);
    log.info("Gave up partitions {}", gone);
  }

  /** Claims what was assigned since the last call, and lets it flow. */
  void claim(Transactions transactions) {
    if (unclaimed.isEmpty()) {
      return;
    }
    Map<Integer, Position> found = transactions.run(tx -> offsets.claim(tx, unclaimed));
    found.forEach(this::seek);
    claimed.putAll(found);
    unclaimed.clear();
    log.info("Took partitions over, next offsets are {}", next());
  }

  /**
   * Holds what this consumer believes against the offset rows. An offset that somebody set (a
   * replay, or a commit of ours whose answer was lost) is followed; a row that has another owner
   * means that the group has gone on without us, so we join it anew.
   */
  void reconcile(Transactions transactions) {
    Map<Integer, Position> held = transactions.run(tx -> offsets.held(tx, claimed.keySet()));
    if (held.size() < claimed.size()) {
      log.warn("Lost some of partitions {} to another owner, joining anew", claimed.keySet());
      consumer.unsubscribe();
      claimed.clear();
      unclaimed.clear();
      backlog.clear();
      subscribe();
      return;
    }
    held.forEach(this::follow);
  }

  /** The way of each partition through a batch. */
  List<Move> moves(List<SourceRecord> batch) {
    Map<Integer, Long> first = new TreeMap<>();
    Map<Integer, Position> last = new TreeMap<>();
    for (SourceRecord record : batch) {
      first.putIfAbsent(record.partition(), record.offset());
      last.put(record.partition(), after(record));
    }
    List<Move> moves = new ArrayList<>(last.size());
    first.forEach((partition, offset) -> moves.add(move(partition, offset, last.get(partition))));
    return moves;
  }

  /** Where every partition is, as moves that lock the offset rows and change nothing. */
  List<Move> held() {
    return claimed.entrySet().stream()
        .map(at -> new Move(at.getKey(), at.getValue().next(), at.getValue()))
        .toList();
  }

  void moved(List<Move> moves) {
    moves.forEach(move -> claimed.put(move.partition(), move.to()));
  }

  void pauseAll() {
    consumer.pause(consumer.assignment());
  }

  void resumeClaimed() {
    consumer.resume(claimed.keySet().stream().map(Assignment::at).toList());
  }

  /** Whether the group has let us in and all that it gave us is claimed. */
  boolean isSettled() {
    return joined && unclaimed.isEmpty();
  }

  /** Where to go on, by partition; what is before is stored. */
  Map<TopicPartition, Long> next() {
    return claimed.entrySet().stream()
        .collect(Collectors.toMap(entry -> at(entry.getKey()), entry -> entry.getValue().next()));
  }

  /** Tells Kafka how far we are, for its lag tools; nobody reads it back. */
  void hintToKafka() {
    Map<TopicPartition, OffsetAndMetadata> hint = new HashMap<>();
    next().forEach((partition, offset) -> hint.put(partition, new OffsetAndMetadata(offset)));
    if (!hint.isEmpty()) {
      consumer.commitAsync(hint, (done, failure) -> {});
    }
  }

  private Move move(int partition, long first, Position last) {
    long believed = claimed.get(partition).next();
    if (first != believed) {
      log.warn(
          "Partition {} has no offset {} any more, going on at {}", partition, believed, first);
    }
    return new Move(partition, believed, last);
  }

  private void follow(int partition, Position stored) {
    long believed = claimed.get(partition).next();
    if (stored.next() != believed) {
      log.warn("Partition {} goes on at {} instead of {}", partition, stored.next(), believed);
      backlog.drop(Set.of(partition));
      seek(partition, stored);
      claimed.put(partition, stored);
    }
  }

  private void seek(int partition, Position position) {
    Optional<Integer> epoch = Optional.ofNullable(position.epoch());
    consumer.seek(at(partition), new OffsetAndMetadata(position.next(), epoch, ""));
  }

  private static Position after(SourceRecord record) {
    boolean isKnown = record.leaderEpoch() != SourceRecord.NO_EPOCH;
    return new Position(record.offset() + 1, isKnown ? record.leaderEpoch() : null);
  }

  private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(TopicPartition::partition)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static TopicPartition at(int partition) {
    return new TopicPartition(Topics.EVENTS, partition);
  }
}
