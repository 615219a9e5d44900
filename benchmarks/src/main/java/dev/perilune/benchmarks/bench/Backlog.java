package dev.perilune.benchmarks.bench;

import dev.perilune.model.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What lies in the events topic. */
final class Backlog {

  private Backlog() {}

  /** How many records were ever written to it. */
  static long events(String kafka) throws InterruptedException, ExecutionException {
    return ends(kafka).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Where each partition ends. */
  static Map<Integer, Long> ends(String kafka) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      admin
          .describeTopics(List.of(Topics.EVENTS))
          .allTopicNames()
          .get()
          .get(Topics.EVENTS)
          .partitions()
          .forEach(
              partition ->
                  ends.put(
                      new TopicPartition(Topics.EVENTS, partition.partition()),
                      OffsetSpec.latest()));
      Map<Integer, Long> found = new TreeMap<>();
      admin
          .listOffsets(ends)
          .all()
          .get()
          .forEach((partition, end) -> found.put(partition.partition(), end.offset()));
      return found;
    }
  }
}
