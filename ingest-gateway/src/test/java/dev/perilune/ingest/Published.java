package dev.perilune.ingest;

import dev.perilune.model.wire.Receipt;
import dev.perilune.model.wire.Topics;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what the gateway wrote, from a point in time on. */
final class Published implements AutoCloseable {

  /** One record: its key and its envelope. */
  record Envelope(byte[] key, int partition, long offset, JsonObject json) {
    JsonObject event() {
      return json.getJsonObject("event");
    }

    String project() {
      return json.getString("project");
    }
  }

  private final KafkaConsumer<byte[], byte[]> consumer;

  /** Sees only what is published after it was made. */
  Published(String bootstrapServers) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "max.partition.fetch.bytes", 64 << 20,
                "fetch.max.bytes", 64 << 20),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.EVENTS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /** The next records, as many as asked for. */
  List<Envelope> next(int count) {
    List<Envelope> envelopes = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (envelopes.size() < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Only " + envelopes.size() + " of " + count + " records came");
      }
      for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(100))) {
        envelopes.add(
            new Envelope(
                read.key(),
                read.partition(),
                read.offset(),
                new JsonObject(io.vertx.core.buffer.Buffer.buffer(read.value()))));
      }
    }
    return envelopes;
  }

  /** The next records of runs, as many as asked for; what probes write is no run. */
  List<Envelope> runs(int count) {
    List<Envelope> runs = new ArrayList<>();
    while (runs.size() < count) {
      next(1).stream().filter(read -> read.event().containsKey("runId")).forEach(runs::add);
    }
    return runs;
  }

  /** The record of one run among the next ones. */
  static Envelope of(List<Envelope> envelopes, String runId) {
    return envelopes.stream()
        .filter(envelope -> runId.equals(envelope.event().getString("runId")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No record of run " + runId));
  }

  static byte[] key(UUID project, UUID id) {
    return Topics.key(new dev.perilune.model.ProjectId(project), id);
  }

  static boolean covers(Receipt receipt, Envelope envelope) {
    Long last = receipt.lastOffsets().get(envelope.partition());
    return last != null && last >= envelope.offset();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
