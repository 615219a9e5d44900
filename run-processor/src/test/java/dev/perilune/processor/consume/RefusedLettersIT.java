package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RefusedLettersIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String PROJECT = "11111111-1111-4111-8111-111111111111";

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private Database database;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void open() {
    database = Database.open(vertx, POSTGRES.settings(), meters);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void close() throws Exception {
    producer.close();
    database.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
    meters.close();
  }

  @Test
  void whatGatewaysRefuseIsStoredOnceAndWhatProcessorsWroteIsPassedOver() throws Exception {
    RefusedLetters letters = start();
    try {
      letter(Topics.INGEST, 7, 0, PROJECT, "first".getBytes(StandardCharsets.UTF_8));
      letter(Topics.INGEST, 7, 1, null, null);
      letter(Topics.INGEST, 7, 0, PROJECT, "first".getBytes(StandardCharsets.UTF_8));
      letter(Topics.EVENTS, 3, 0, PROJECT, new byte[] {1});
      producer.send(new ProducerRecord<>(Topics.DEAD_LETTERS, new byte[] {2})).get();
      letter(Topics.INGEST, 8, 0, PROJECT, new byte[] {0, -1});

      Eventually.holds("all are stored", () -> rows().size() == 3);
    } finally {
      letters.close();
    }

    List<Row> rows = rows();
    assertEquals("why  of 7/0", rows.get(0).getString("reason"));
    assertEquals(UUID.fromString(PROJECT), rows.get(0).getUUID("project_id"));
    assertEquals(5, rows.get(0).getInteger("source_partition"));
    assertEquals("first", rows.get(0).getBuffer("record").toString());
    assertNull(rows.get(1).getUUID("project_id"));
    assertEquals(1, rows.get(1).getInteger("position"));
    assertEquals(0, rows.get(1).getBuffer("record").length());
    assertArrayEquals(new byte[] {0, -1}, rows.get(2).getBuffer("record").getBytes());
    assertTrue(rows.stream().allMatch(row -> row.getBoolean("published")));
  }

  private RefusedLetters start() {
    Env env = new Env(Map.of("KAFKA_BOOTSTRAP_SERVERS", KAFKA.bootstrapServers()));
    return RefusedLetters.start(ConsumerSettings.from(env), database);
  }

  private void letter(String topic, long offset, int position, String project, byte[] bytes)
      throws Exception {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.DEAD_LETTERS, bytes);
    header(record, "reason", "why\0 of " + offset + "/" + position);
    header(record, "source-topic", topic);
    header(record, "source-partition", "5");
    header(record, "source-offset", Long.toString(offset));
    header(record, "position", Integer.toString(position));
    if (project != null) {
      header(record, "project", project);
    }
    producer.send(record).get();
  }

  private static void header(ProducerRecord<?, ?> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private List<Row> rows() throws Exception {
    return StreamSupport.stream(
            database
                .query("SELECT * FROM dead_letter ORDER BY source_offset, position", Tuple.tuple())
                .await(10, TimeUnit.SECONDS)
                .spliterator(),
            false)
        .toList();
  }
}
