package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.processor.pipeline.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class BacklogTest {

  @Test
  void batchesHoldNoMoreRecordsThanAllowed() {
    Backlog backlog = new Backlog(2, 1_000);

    backlog.add(records(0, 5, 10));

    assertEquals(List.of(List.of(0L, 1L), List.of(2L, 3L), List.of(4L)), drain(backlog));
  }

  @Test
  void batchesHoldNoMoreBytesThanAllowedButALargeRecordGoesAlone() {
    Backlog backlog = new Backlog(100, 25);
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>(records(0, 3, 10));
    polled.add(record(0, 3, 40));
    polled.add(record(0, 4, 10));

    backlog.add(polled);

    assertEquals(List.of(List.of(0L, 1L), List.of(2L), List.of(3L), List.of(4L)), drain(backlog));
  }

  @Test
  void halvesKeepTheOrder() {
    Backlog backlog = new Backlog(100, 1_000);
    backlog.add(records(0, 5, 1));

    backlog.halveFirst();
    backlog.halveFirst();

    assertEquals(List.of(List.of(0L), List.of(1L), List.of(2L, 3L, 4L)), drain(backlog));
  }

  @Test
  void droppedPartitionsLeaveTheOthersInOrder() {
    Backlog backlog = new Backlog(3, 1_000);
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>(records(7, 2, 1));
    polled.addAll(records(8, 3, 1));
    backlog.add(polled);

    backlog.drop(Set.of(7));

    assertEquals(List.of(List.of(0L), List.of(1L, 2L)), drain(backlog));
    assertTrue(backlog.isEmpty());
  }

  @Test
  void recordWithoutAValueIsKeptAsAnEmptyOne() {
    Backlog backlog = new Backlog(3, 1_000);

    backlog.add(List.of(new ConsumerRecord<>("topic", 0, 0, null, null)));

    assertEquals(0, backlog.first().get(0).value().length);
  }

  private static List<List<Long>> drain(Backlog backlog) {
    List<List<Long>> batches = new ArrayList<>();
    while (!backlog.isEmpty()) {
      batches.add(backlog.first().stream().map(SourceRecord::offset).toList());
      backlog.removeFirst();
    }
    return batches;
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(int partition, int count, int bytes) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int offset = 0; offset < count; offset++) {
      records.add(record(partition, offset, bytes));
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, int bytes) {
    return new ConsumerRecord<>("topic", partition, offset, null, new byte[bytes]);
  }
}
