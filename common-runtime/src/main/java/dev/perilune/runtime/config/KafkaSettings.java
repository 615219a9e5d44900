package dev.perilune.runtime.config;

import java.util.List;

/**
 * Which brokers, and how the topics are made when they do not exist yet.
 *
 * @param bootstrapServers {@code host:port} pairs, separated by commas
 * @param partitions of each topic that Perilune creates; caps the number of processors
 * @param replication copies of each partition; 3 on a real cluster
 */
public record KafkaSettings(String bootstrapServers, int partitions, int replication) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "KAFKA_BOOTSTRAP_SERVERS",
              "localhost:9092",
              "host:port, separated by commas",
              "brokers to start from"),
          new Setting(
              "PERILUNE_TOPIC_PARTITIONS",
              "12",
              "1 to 10000",
              "partitions of the topics that are created; existing topics keep theirs"),
          new Setting(
              "PERILUNE_TOPIC_REPLICATION",
              "1",
              "1 to 16",
              "copies of each partition of the topics that are created"));

  public static KafkaSettings from(Env env) {
    return new KafkaSettings(
        env.text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        env.integer("PERILUNE_TOPIC_PARTITIONS", 12, 1, 10_000),
        env.integer("PERILUNE_TOPIC_REPLICATION", 1, 1, 16));
  }
}
