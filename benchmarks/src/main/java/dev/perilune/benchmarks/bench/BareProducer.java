package dev.perilune.benchmarks.bench;

import dev.perilune.model.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends what came into the events topic once more, with nothing around it. */
final class BareProducer {
  private static final String TOPIC = "bench.bare";
  private static final int PARTITIONS = 12;
  private static final int RECORDS = 50_000;
  private static final Duration POLL_LIMIT = Duration.ofSeconds(2);

  private BareProducer() {}

  /** Where the events topic ends now. */
  static Map<TopicPartition, Long> end(String kafka) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
      return consumer.endOffsets(
          consumer.partitionsFor(Topics.EVENTS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
    }
  }

  /**
   * Records that the broker acknowledges each second, by the gateway's producer settings.
   *
   * @param from since when to send again; events that repeat within one batch of the producer, as
   *     few bodies of one event do, would compress to nothing
   */
  static double recordsPerSecond(String kafka, Map<TopicPartition, Long> from, Duration measured)
      throws Exception {
    List<ConsumerRecord<byte[], byte[]>> records = read(kafka, from);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    }
    AtomicLong acknowledged = new AtomicLong();
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      long end = System.nanoTime() + measured.toNanos() / 3;
      send(producer, records, end, new AtomicLong()); // warms up
      long begun = System.nanoTime();
      send(producer, records, begun + measured.toNanos(), acknowledged);
      return acknowledged.get() / ((System.nanoTime() - begun) / 1e9);
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      List<ConsumerRecord<byte[], byte[]>> records,
      long endNanos,
      AtomicLong acknowledged) {
    int next = 0;
    while (System.nanoTime() < endNanos) {
      ConsumerRecord<byte[], byte[]> record = records.get(next++ % records.size());
      producer.send(
          new ProducerRecord<>(
              TOPIC, record.partition() % PARTITIONS, record.key(), record.value()),
          (metadata, failure) -> {
            if (failure == null) {
              acknowledged.incrementAndGet();
            }
          });
    }
    producer.flush();
  }

  private static KafkaProducer<byte[], byte[]> producer(String kafka) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            kafka,
            "acks",
            "all",
            "compression.type",
            "lz4",
            "linger.ms",
            2,
            "batch.size",
            128 << 10,
            "buffer.memory",
            64L << 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      String kafka, Map<TopicPartition, Long> from) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
      consumer.assign(from.keySet());
      from.forEach(consumer::seek);
      int before = -1;
      while (records.size() < RECORDS && records.size() > before) {
        before = records.size();
        consumer.poll(POLL_LIMIT).forEach(records::add);
      }
    }
    return records;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String kafka) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
