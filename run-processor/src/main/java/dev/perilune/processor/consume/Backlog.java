package dev.perilune.processor.consume;

import dev.perilune.processor.pipeline.SourceRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What was polled and is not stored yet, cut into batches of bounded size. Within a partition the
 * order of offsets is kept.
 */
final class Backlog {
  private static final byte[] NOTHING = {};

  private final int maxRecords;
  private final int maxBytes;
  private Deque<List<SourceRecord>> batches = new ArrayDeque<>();

  Backlog(int maxRecords, int maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  boolean isEmpty() {
    return batches.isEmpty();
  }

  void add(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    List<SourceRecord> batch = new ArrayList<>();
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> polled : records) {
      SourceRecord record = source(polled);
      if (!batch.isEmpty()
          && (batch.size() == maxRecords || bytes + record.value().length > maxBytes)) {
        batches.addLast(List.copyOf(batch));
        batch.clear();
        bytes = 0;
      }
      batch.add(record);
      bytes += record.value().length;
    }
    if (!batch.isEmpty()) {
      batches.addLast(List.copyOf(batch));
    }
  }

  /** The batch to store next; not empty. */
  List<SourceRecord> first() {
    return batches.getFirst();
  }

  void removeFirst() {
    batches.removeFirst();
  }

  /** Cuts the first batch, of two records or more, in two. */
  void halveFirst() {
    List<SourceRecord> whole = batches.removeFirst();
    int middle = whole.size() / 2;
    batches.addFirst(whole.subList(middle, whole.size()));
    batches.addFirst(whole.subList(0, middle));
  }

  void clear() {
    batches.clear();
  }

  /** Forgets the records of these partitions; whoever reads them next gets them again. */
  void drop(Set<Integer> partitions) {
    Deque<List<SourceRecord>> kept = new ArrayDeque<>();
    for (List<SourceRecord> batch : batches) {
      List<SourceRecord> rest =
          batch.stream().filter(record -> !partitions.contains(record.partition())).toList();
      if (!rest.isEmpty()) {
        kept.addLast(rest);
      }
    }
    batches = kept;
  }

  static SourceRecord source(ConsumerRecord<byte[], byte[]> polled) {
    // a record without a value is no event; the step says so
    byte[] value = polled.value() == null ? NOTHING : polled.value();
    int epoch = polled.leaderEpoch().orElse(SourceRecord.NO_EPOCH);
    return new SourceRecord(polled.topic(), polled.partition(), polled.offset(), epoch, value);
  }
}
