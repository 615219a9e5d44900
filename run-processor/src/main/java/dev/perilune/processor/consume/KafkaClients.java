package dev.perilune.processor.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients; the reasons for their settings are here. */
final class KafkaClients {
  /**
   * Longest time between two polls before the group gives our partitions away. One turn of the loop
   * holds at most one transaction (2 minutes by the server's clock), one wait for the connection
   * (30 s) and one round of dead letters (some 10 s).
   */
  private static final Duration MAX_TURN = Duration.ofMinutes(5);

  /** A processor that was killed is replaced after this; one that only hung is fenced anyway. */
  private static final Duration SESSION = Duration.ofSeconds(10);

  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  /** Partitions or topics that were added are seen after this. */
  private static final Duration METADATA_AGE = Duration.ofSeconds(30);

  private static final Duration PRODUCER_PATIENCE = Duration.ofSeconds(5);
  private static final int PARTITION_SHARE = 4;
  private static final int LETTERS_AT_ONCE = 100;
  private static final int LETTER_BYTES = 4 << 20;

  private final ConsumerSettings settings;
  private final Map<String, Object> overrides;

  /** {@code overrides} are consumer settings that tests shorten. */
  KafkaClients(ConsumerSettings settings, Map<String, Object> overrides) {
    this.settings = settings;
    this.overrides = Map.copyOf(overrides);
  }

  /** Not subscribed yet; {@code owner} tells this consumer from every other in logs. */
  KafkaConsumer<byte[], byte[]> consumer(UUID owner) {
    Map<String, Object> config = common();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "perilune-processor-" + owner);
    // a processor that joins takes only what it is given; the others go on with the rest
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    // the offsets that count are in Postgres
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // an offset that the log does not have any more: go on with the oldest that it has
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // our topics have our number of partitions, not the broker's
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) MAX_TURN.toMillis());
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis());
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchRecords());
    // limits of what is fetched ahead; the first record of a partition comes whatever its size
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.batchBytes());
    config.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, settings.batchBytes() / PARTITION_SHARE);
    // the operating system's own sizing: the next fetch arrives while a batch is being stored
    config.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
    config.putAll(overrides);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * For the dead letters of gateways, with offsets in Kafka: reading a letter twice is harmless.
   */
  KafkaConsumer<byte[], byte[]> letterConsumer() {
    Map<String, Object> config = common();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group() + "-letters");
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "perilune-processor-letters");
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis());
    // one transaction, and one array of bytes, for each poll
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, LETTERS_AT_ONCE);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, LETTER_BYTES);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LETTER_BYTES / PARTITION_SHARE);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Takes records of any size that the topic takes. */
  KafkaProducer<byte[], byte[]> deadLetterProducer() {
    Map<String, Object> config = common();
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "perilune-processor-dead-letters");
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, EventTopics.MAX_RECORD_BYTES);
    // a limit, not an allocation: must hold the largest record
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * EventTopics.MAX_RECORD_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PRODUCER_PATIENCE.toMillis());
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PRODUCER_PATIENCE.toMillis());
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * (int) PRODUCER_PATIENCE.toMillis());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Of no group, for reading again what was stored before. */
  KafkaConsumer<byte[], byte[]> rereader() {
    Map<String, Object> config = common();
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "perilune-replay-" + UUID.randomUUID());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchRecords());
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.batchBytes());
    config.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, settings.batchBytes() / PARTITION_SHARE);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Gives up soon: what is not told in time is dropped, and nobody waits for it. */
  KafkaProducer<byte[], byte[]> runsProducer() {
    Map<String, Object> config = common();
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "perilune-processor-runs");
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000L);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PRODUCER_PATIENCE.toMillis());
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * (int) PRODUCER_PATIENCE.toMillis());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  Admin admin() {
    return Admin.create(common());
  }

  private Map<String, Object> common() {
    Map<String, Object> config = new HashMap<>();
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().bootstrapServers());
    config.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_AGE.toMillis());
    return config;
  }
}
