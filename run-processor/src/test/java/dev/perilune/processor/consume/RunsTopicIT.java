package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.model.wire.Topics;
import dev.perilune.processor.store.RunRow;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunsTopicIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private final Meters meters = new Meters();

  @Test
  void changedRunsAreToldAsStored() throws Exception {
    ConsumerSettings settings = settings(KAFKA.bootstrapServers());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
      EventTopics.ensure(admin, settings.kafka());
    }
    RunRow run = run();
    try (RunsTopic topic = RunsTopic.start(settings, meters)) {
      topic.offer(List.of(run));
      ConsumerRecord<byte[], byte[]> record = onlyRecord();
      assertArrayEquals(Topics.key(run.key().project(), run.key().id()), record.key());
      assertEquals(
          new JsonObject(
              """
              {"projectId":"%s","id":"%s","type":"llm","name":"gpt-4o","status":"success",
               "createdAt":"2024-01-01T00:00:00.000Z","endedAt":"2024-01-01T00:00:01.500Z",
               "parentRunId":null,"parentType":null,"userId":7,
               "tokens":{"prompt":9,"cachedPrompt":0,"completion":5,"total":14},
               "cost":0.00000045,"tags":["a","b"]}"""
                  .formatted(run.key().project().value(), run.key().id())),
          new JsonObject(Buffer.buffer(record.value())));
      Eventually.holds("counted", () -> count(Meter.PROCESSOR_RUNS_TOLD) == 1);
    }
  }

  @Test
  void brokersThatAreAwayHoldNothingUpAndWhatIsDroppedIsCounted() throws Exception {
    // a port on which nothing listens
    try (RunsTopic topic = RunsTopic.start(settings("127.0.0.1:1"), meters)) {
      List<RunRow> batch = Collections.nCopies(10_000, run());
      long begun = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        topic.offer(batch);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      assertTrue(took.toMillis() < 200, took.toString());
      Eventually.holds("counted", () -> count(Meter.PROCESSOR_RUNS_DROPPED) == 1_000_000);
    }
  }

  private double count(Meter meter) {
    return meters.counter(meter).count();
  }

  private static ConsumerRecord<byte[], byte[]> onlyRecord() throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      Eventually.holds("topic is known", () -> consumer.partitionsFor(Topics.RUNS).size() == 3);
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.RUNS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      return Eventually.get(
          "one record",
          Duration.ofSeconds(20),
          () -> {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(100));
            return polled.records(Topics.RUNS).iterator().hasNext()
                ? Optional.of(polled.records(Topics.RUNS).iterator().next())
                : Optional.empty();
          });
    }
  }

  private static ConsumerSettings settings(String bootstrapServers) {
    return new ConsumerSettings(new KafkaSettings(bootstrapServers, 3, 1), "test", 500, 1 << 20);
  }

  private static RunRow run() {
    return new RunRow(
        new RunKey(new ProjectId(UUID.randomUUID()), UUID.randomUUID()),
        1_704_067_200_000_000L,
        1_704_067_201_500_000L,
        "llm",
        "gpt-4o",
        "success",
        null,
        null,
        null,
        7L,
        7L,
        null,
        9,
        5,
        0,
        0,
        new BigDecimal("0.00000045"),
        null,
        List.of("a", "b"),
        null,
        null,
        null,
        null,
        true,
        false,
        null);
  }
}
