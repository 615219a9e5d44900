package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.PRIVATE_KEY;

import dev.perilune.model.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to the topic for producers and reads what was refused. */
final class DoorTester implements AutoCloseable {
  private static final String BEARER = "Bearer " + PRIVATE_KEY;

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> letters;

  /** Sees only what is refused after it was made. */
  DoorTester(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "max.request.size", 64 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.letters =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "max.partition.fetch.bytes", 64 << 20),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    // a topic that was just made takes a moment to be known
    GatewayTester.eventually(
        "the topic is known", () -> !letters.partitionsFor(Topics.DEAD_LETTERS).isEmpty());
    List<TopicPartition> partitions =
        letters.partitionsFor(Topics.DEAD_LETTERS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    letters.assign(partitions);
    letters.seekToEnd(partitions);
    partitions.forEach(letters::position);
  }

  /** Writes a record with the private key of the first project. */
  RecordMetadata send(String value) {
    return send(value.getBytes(StandardCharsets.UTF_8), "authorization", BEARER);
  }

  RecordMetadata send(byte[] value, String... headers) {
    try {
      return producer.send(record(value, headers)).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** As above, without waiting for the broker. */
  void sendLater(String value) {
    producer.send(record(value.getBytes(StandardCharsets.UTF_8), "authorization", BEARER));
  }

  private static ProducerRecord<byte[], byte[]> record(byte[] value, String... headers) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.INGEST, value);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  /** The next dead letters, as many as asked for. */
  List<ConsumerRecord<byte[], byte[]>> refused(int count) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (read.size() < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Only " + read.size() + " of " + count + " letters came");
      }
      letters.poll(Duration.ofMillis(100)).forEach(read::add);
    }
    return read;
  }

  static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Makes the door read everything again; nobody may be in its group meanwhile. */
  void rewind() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          new HashMap<>(
              admin
                  .listConsumerGroupOffsets("perilune-gateway")
                  .partitionsToOffsetAndMetadata()
                  .get(10, TimeUnit.SECONDS));
      offsets.replaceAll((partition, offset) -> new OffsetAndMetadata(0));
      admin.alterConsumerGroupOffsets("perilune-gateway", offsets).all().get(10, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    producer.close();
    letters.close();
  }
}
