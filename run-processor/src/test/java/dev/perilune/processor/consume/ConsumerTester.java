package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One test's consumers, its group, and what they read and wrote. */
final class ConsumerTester {
  static final int PARTITIONS = 6;

  private static final int LARGEST = 64 << 20;

  final Vertx vertx = Vertx.vertx();
  final Meters meters = new Meters();
  final String group = "test-" + UUID.randomUUID();
  final Admin admin;

  private final KafkaSettings kafka;
  private final Database database;
  private final Connection connection;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<RunConsumer> consumers = new ArrayList<>();

  /** A group that begins where the topic ends; {@code pg} is for the consumers. */
  ConsumerTester(String bootstrapServers, PgSettings pg, PgSettings direct) throws Exception {
    this.kafka = new KafkaSettings(bootstrapServers, PARTITIONS, 1);
    this.database = Database.open(vertx, pg, meters);
    this.connection =
        DriverManager.getConnection(direct.jdbcUrl(), direct.user(), direct.password());
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "max.request.size", LARGEST,
                "buffer.memory", 2L * LARGEST),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    execute(ScratchStep.TABLE);
    execute("TRUNCATE scratch");
    EventTopics.ensure(admin, kafka);
    startAtTheEnd();
  }

  RunConsumer start() {
    return start(new ScratchStep(), Map.of());
  }

  RunConsumer start(BatchStep step, Map<String, Object> kafkaOverrides) {
    ConsumerSettings settings = new ConsumerSettings(kafka, group, 500, 1 << 20);
    RunConsumer consumer =
        RunConsumer.start(settings, kafkaOverrides, database, step, new Meters());
    consumers.add(consumer);
    return consumer;
  }

  Database database() {
    return database;
  }

  void send(int partition, byte[] value) {
    producer.send(new ProducerRecord<>(Topics.EVENTS, partition, null, value));
  }

  void send(int partition, String value) {
    send(partition, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends numbered records to all partitions in turn. */
  void sendNumbers(int from, int to) {
    for (int number = from; number < to; number++) {
      send(number % PARTITIONS, "n" + number);
    }
  }

  void flush() {
    producer.flush();
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The only column of the only row. */
  long number(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : -1;
      }
    }
  }

  long stored() throws SQLException {
    return number("SELECT count(*) FROM scratch");
  }

  long storedOnce() throws SQLException {
    return number("SELECT count(DISTINCT (source_partition, source_offset)) FROM scratch");
  }

  /** The sum of the group's stored offsets. */
  long position() throws SQLException {
    return number("SELECT sum(next_offset) FROM consumer_offset WHERE consumer_group = ?", group);
  }

  Map<TopicPartition, Long> ends() throws Exception {
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      question.put(new TopicPartition(Topics.EVENTS, partition), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(question)
        .all()
        .get(20, TimeUnit.SECONDS)
        .forEach((at, offset) -> ends.put(at, offset.offset()));
    return ends;
  }

  /** How many of the group's consumers have partitions; 0 while Kafka does not know the group. */
  long membersWithPartitions() throws Exception {
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .all()
          .get(20, TimeUnit.SECONDS)
          .get(group)
          .members()
          .stream()
          .filter(member -> !member.assignment().topicPartitions().isEmpty())
          .count();
    } catch (ExecutionException e) {
      return 0;
    }
  }

  private void startAtTheEnd() throws Exception {
    String insert =
        """
        INSERT INTO consumer_offset (consumer_group, topic, partition, next_offset, owner)
        VALUES (?, ?, ?, ?, gen_random_uuid())
        """;
    Eventually.holds("topic has leaders", this::topicIsReady);
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      for (Map.Entry<TopicPartition, Long> end : ends().entrySet()) {
        statement.setString(1, group);
        statement.setString(2, Topics.EVENTS);
        statement.setInt(3, end.getKey().partition());
        statement.setLong(4, end.getValue());
        statement.execute();
      }
    }
  }

  boolean topicIsReady() throws Exception {
    try {
      return ends().size() == PARTITIONS;
    } catch (ExecutionException e) {
      return false;
    }
  }

  void close() throws Exception {
    consumers.forEach(RunConsumer::close);
    producer.close();
    admin.close();
    connection.close();
    database.close().await(20, TimeUnit.SECONDS);
    vertx.close().await(20, TimeUnit.SECONDS);
  }
}
