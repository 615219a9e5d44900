package dev.perilune.ingest.topic;

import dev.perilune.ingest.intake.ProducerOptions;
import dev.perilune.ingest.intake.TopicSetup;
import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.config.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of the door and its topics; the reasons for their settings are here. */
final class DoorClients {
  /** Gateways of this group share the partitions. */
  static final String GROUP = "perilune-gateway";

  private static final int FETCH_BYTES = 8 << 20;
  private static final int PARTITION_FETCH_BYTES = 2 << 20;

  /** Compressed records can be a thousand times as long once they are read: few at a time. */
  private static final int POLL_RECORDS = 4;

  private static final int MAX_TURN_MILLIS = 300_000;
  private static final int PRODUCER_PATIENCE_MILLIS = 5_000;

  private final KafkaSettings kafka;
  private final int maxRecordBytes;

  DoorClients(KafkaSettings kafka, int maxBodyBytes) {
    this.kafka = kafka;
    this.maxRecordBytes = ProducerOptions.maxRecordBytes(maxBodyBytes);
  }

  /** Blocks for some seconds at most; fails while the broker is away. */
  void makeTopics() {
    Admin admin =
        Admin.create(
            Map.ofEntries(
                Map.entry("bootstrap.servers", kafka.bootstrapServers()),
                Map.entry("client.id", "perilune-door-admin"),
                Map.entry("request.timeout.ms", 2_000),
                Map.entry("default.api.timeout.ms", 4_000)));
    try {
      TopicSetup setup = new TopicSetup(admin, kafka, maxRecordBytes);
      // the broker's clock says when a record was received, not its producer's
      setup.ensure(Topics.INGEST, Map.of("message.timestamp.type", "LogAppendTime"));
      setup.ensure(Topics.DEAD_LETTERS);
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.ofEntries(
            Map.entry("bootstrap.servers", kafka.bootstrapServers()),
            Map.entry("client.id", "perilune-door"),
            Map.entry("group.id", GROUP),
            Map.entry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName()),
            // offsets move when the broker has what was made of the records, not before
            Map.entry("enable.auto.commit", false),
            Map.entry("auto.offset.reset", "earliest"),
            Map.entry("allow.auto.create.topics", false),
            Map.entry("isolation.level", "read_committed"),
            Map.entry("max.poll.records", POLL_RECORDS),
            Map.entry("max.poll.interval.ms", MAX_TURN_MILLIS),
            Map.entry("session.timeout.ms", 10_000),
            Map.entry("heartbeat.interval.ms", 2_000),
            Map.entry("metadata.max.age.ms", 30_000),
            Map.entry("reconnect.backoff.max.ms", 500),
            // the first record of a partition comes whatever its size
            Map.entry("fetch.max.bytes", FETCH_BYTES),
            Map.entry("max.partition.fetch.bytes", PARTITION_FETCH_BYTES)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Takes records of any size that the door's topic takes. */
  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.ofEntries(
            Map.entry("bootstrap.servers", kafka.bootstrapServers()),
            Map.entry("client.id", "perilune-door-dead-letters"),
            Map.entry("acks", "all"),
            Map.entry("compression.type", "lz4"),
            Map.entry("max.request.size", maxRecordBytes),
            Map.entry("buffer.memory", 2L * maxRecordBytes),
            Map.entry("max.block.ms", PRODUCER_PATIENCE_MILLIS),
            Map.entry("request.timeout.ms", PRODUCER_PATIENCE_MILLIS),
            Map.entry("delivery.timeout.ms", 2 * PRODUCER_PATIENCE_MILLIS),
            Map.entry("reconnect.backoff.max.ms", 500)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
