package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunConsumerIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private ConsumerTester tester;

  @BeforeEach
  void open() throws Exception {
    tester = new ConsumerTester(KAFKA.bootstrapServers(), POSTGRES.settings(), POSTGRES.settings());
  }

  @AfterEach
  void close() throws Exception {
    tester.close();
  }

  @Test
  void offsetsAreStoredWithTheData() throws Exception {
    long before = tester.position();
    tester.start();
    tester.sendNumbers(0, 3_000);

    Eventually.holds("all stored", () -> tester.stored() == 3_000);

    assertEquals(3_000, tester.storedOnce());
    assertEquals(3_000, tester.position() - before);
  }

  @Test
  void isBehindWhileMoreWaitsThanOneBatchTakes() throws Exception {
    Semaphore batches = new Semaphore(0);
    BatchStep scratch = new ScratchStep();
    tester.sendNumbers(0, 30_000);
    tester.flush();
    RunConsumer consumer =
        tester.start(
            (tx, records) -> {
              batches.acquireUninterruptibly();
              return scratch.write(tx, records);
            },
            Map.of());

    Eventually.holds(
        "behind",
        () -> {
          batches.release();
          return consumer.isBehind();
        });
    assertTrue(tester.stored() < 30_000);

    batches.release(30_000);
    Eventually.holds("all stored", () -> tester.stored() == 30_000);
    Eventually.holds("behind no more", () -> !consumer.isBehind());
  }

  @Test
  void restartContinuesWhereTheLastBatchEnded() throws Exception {
    tester.sendNumbers(0, 2_000);
    RunConsumer first = tester.start();
    Eventually.holds("some stored", () -> tester.stored() > 0);
    first.close();
    tester.sendNumbers(2_000, 4_000);

    tester.start();

    Eventually.holds("all stored", () -> tester.storedOnce() == 4_000);
    assertEquals(4_000, tester.stored());
  }

  @Test
  void whatKafkaHasCommittedDoesNotMatter() throws Exception {
    tester.sendNumbers(0, 600);
    RunConsumer first = tester.start();
    Eventually.holds("all stored", () -> tester.stored() == 600);
    first.close();
    Map<TopicPartition, OffsetAndMetadata> wrong = new HashMap<>();
    tester.ends().keySet().forEach(at -> wrong.put(at, new OffsetAndMetadata(1)));
    tester.admin.alterConsumerGroupOffsets(tester.group, wrong).all().get(20, TimeUnit.SECONDS);

    tester.start();
    tester.sendNumbers(600, 1_200);

    Eventually.holds("the rest stored", () -> tester.storedOnce() == 1_200);
    assertEquals(1_200, tester.stored());
  }

  @Test
  void recordThatTheDatabaseRefusesIsParkedAndItsNeighboursAreStored() throws Exception {
    UUID project = UUID.randomUUID();
    tester.sendNumbers(0, 300);
    tester.send(0, "poison");
    tester.send(1, "bug");
    tester.send(2, "malformed");
    tester.send(3, "malformed{\"project\":\"%s\"}".formatted(project));
    tester.sendNumbers(300, 600);
    tester.flush();

    tester.start();

    Eventually.holds("neighbours stored", () -> tester.storedOnce() == 600);
    Eventually.holds("published", () -> published() == 4);
    assertEquals(600, tester.stored());
    assertEquals(1, letters("The database refuses this record (SQLSTATE 23514)"));
    assertEquals(1, letters("Processing this record fails (IllegalStateException)"));
    assertEquals(2, letters("not an event"));
  }

  @Test
  void topicOfDeadLettersHasReasonOriginAndBytes() throws Exception {
    UUID project = UUID.randomUUID();
    String body = "{\"v\":1,\"project\":\"%s\",\"event\":{}}".formatted(project);
    tester.send(4, body);
    tester.flush();
    long offset = tester.ends().get(new TopicPartition(Topics.EVENTS, 4)) - 1;

    tester.start((tx, batch) -> reject(batch), Map.of());

    ConsumerRecord<byte[], byte[]> letter = deadLetterOf(project);
    assertEquals(body, new String(letter.value(), StandardCharsets.UTF_8));
    assertEquals("refused by the test", header(letter, "reason"));
    assertEquals(Topics.EVENTS, header(letter, "source-topic"));
    assertEquals("4", header(letter, "source-partition"));
    assertEquals(Long.toString(offset), header(letter, "source-offset"));
  }

  @Test
  void recordAsLargeAsTheGatewayTakesGetsThrough() throws Exception {
    byte[] large = new byte[41 << 20];
    Arrays.fill(large, (byte) 'x');
    tester.sendNumbers(0, 60);
    tester.send(2, large);
    tester.sendNumbers(60, 120);
    tester.flush();

    tester.start();

    Eventually.holds("all stored", () -> tester.storedOnce() == 121);
    assertEquals(large.length, tester.number("SELECT max(bytes) FROM scratch"));
  }

  @Test
  void offsetThatWasSetBackIsReadAgain() throws Exception {
    tester.sendNumbers(0, 600);
    RunConsumer consumer = tester.start();
    Eventually.holds("all stored", () -> tester.stored() == 600);

    tester.execute(
        "UPDATE consumer_offset SET next_offset = next_offset - 100 WHERE consumer_group = '%s'"
            .formatted(tester.group));

    Eventually.holds("read again", () -> tester.stored() == 1_200);
    assertEquals(600, tester.storedOnce());
    Eventually.holds("still working", consumer::isWorking);
  }

  @Test
  void batchUnderWayIsRolledBackWhenItOutlastsTheStop() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    tester.sendNumbers(0, 10);
    RunConsumer consumer =
        tester.start(
            (tx, batch) -> {
              new ScratchStep().write(tx, batch);
              entered.countDown();
              awaitQuietly(never);
              return List.of();
            },
            Map.of());
    assertTrue(entered.await(20, TimeUnit.SECONDS));

    long startedNanos = System.nanoTime();
    consumer.close();
    Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);

    assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took.toString());
    assertEquals(0, tester.stored());
    tester.start();
    Eventually.holds("stored by the next", () -> tester.stored() == 10);
  }

  private static List<Rejected> reject(List<SourceRecord> batch) {
    return batch.stream().map(record -> new Rejected(record, "refused by the test")).toList();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted");
    }
  }

  private long letters(String reason) throws Exception {
    return tester.number("SELECT count(*) FROM dead_letter WHERE reason = ?", reason);
  }

  private long published() throws Exception {
    return tester.number("SELECT count(*) FROM dead_letter WHERE published");
  }

  private ConsumerRecord<byte[], byte[]> deadLetterOf(UUID project) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      reader.assign(
          reader.partitionsFor(Topics.DEAD_LETTERS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
      Eventually.holds(
          "letter in the topic",
          () -> {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
              if (record.headers().lastHeader("project") != null
                  && header(record, "project").equals(project.toString())) {
                found.add(record);
              }
            }
            return !found.isEmpty();
          });
    }
    return found.get(0);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
