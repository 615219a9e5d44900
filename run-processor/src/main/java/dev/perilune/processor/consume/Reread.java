package dev.perilune.processor.consume;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.EnvelopeHead;
import dev.perilune.model.wire.Topics;
import dev.perilune.processor.consume.Replay.Begun;
import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.ReplaySql;
import dev.perilune.processor.store.ReplaySql.Stretch;
import dev.perilune.processor.store.StoreRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads a part of the events again and stores it, with a consumer of its own; for one thread. */
public final class Reread implements AutoCloseable {
  private static final Duration POLL_LIMIT = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final Replay replay;
  private final ReplaySql sql;
  private final BatchStep step;
  private final Begun begun;
  private final @Nullable ProjectId project;
  private final Map<Integer, Long> next = new TreeMap<>();

  Reread(
      Consumer<byte[], byte[]> consumer,
      Replay replay,
      ReplaySql sql,
      BatchStep step,
      Begun begun,
      @Nullable ProjectId project) {
    this.consumer = consumer;
    this.replay = replay;
    this.sql = sql;
    this.step = step;
    this.begun = begun;
    this.project = project;
    Map<TopicPartition, Long> firsts = new HashMap<>();
    begun
        .stretches()
        .forEach(
            (partition, stretch) -> {
              next.put(partition, stretch.first());
              firsts.put(new TopicPartition(Topics.EVENTS, partition), stretch.first());
            });
    consumer.assign(firsts.keySet());
    firsts.forEach(consumer::seek);
  }

  public Begun begun() {
    return begun;
  }

  /** Events that were read, of all projects. */
  public long done() {
    return begun.stretches().entrySet().stream()
        .mapToLong(
            entry ->
                Math.min(
                    entry.getValue().size(), next.get(entry.getKey()) - entry.getValue().first()))
        .sum();
  }

  /** Reads and stores some more; false when all is done. */
  public boolean some() {
    if (done() == begun.events()) {
      return false;
    }
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL_LIMIT);
    for (TopicPartition at : polled.partitions()) {
      Stretch stretch = begun.stretches().get(at.partition());
      List<SourceRecord> wanted = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : polled.records(at)) {
        if (record.offset() < stretch.next() && isWanted(record)) {
          wanted.add(Backlog.source(record));
        }
      }
      store(at.partition(), wanted);
    }
    // positions also pass what the log holds besides records
    next.replaceAll((partition, old) -> position(partition));
    return true;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private long position(int partition) {
    TopicPartition at = new TopicPartition(Topics.EVENTS, partition);
    long position = consumer.position(at);
    if (position >= begun.stretches().get(partition).next()) {
      consumer.pause(List.of(at));
    }
    return position;
  }

  private boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
    return project == null
        || record.value() != null
            && EnvelopeHead.project(record.value()).filter(project::equals).isPresent();
  }

  private void store(int partition, List<SourceRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    try {
      replay.trying(
          tx -> {
            sql.lock(tx, partition);
            BatchStore.park(tx, BatchStore.write(step, tx, records));
            return partition;
          });
      step.committed();
    } catch (Poison | StoreRefused e) {
      if (records.size() > 1) {
        int middle = records.size() / 2;
        store(partition, records.subList(0, middle));
        store(partition, records.subList(middle, records.size()));
      } else {
        Poison poison = e instanceof StoreRefused refused ? BatchStore.poison(refused) : (Poison) e;
        park(new Rejected(records.get(0), poison.getMessage()));
      }
    }
  }

  private void park(Rejected rejected) {
    replay.trying(
        tx -> {
          BatchStore.park(tx, List.of(rejected));
          return rejected;
        });
  }
}
