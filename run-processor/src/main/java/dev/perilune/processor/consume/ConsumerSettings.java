package dev.perilune.processor.consume;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.config.Setting;
import java.util.List;

/**
 * What is read from Kafka, in which steps.
 *
 * @param group processors of one group share the partitions; offsets are kept by group
 * @param batchRecords most records of one transaction
 * @param batchBytes most bytes of one transaction, and of what is fetched ahead from a broker; a
 *     single record above it still gets through, alone
 */
public record ConsumerSettings(
    KafkaSettings kafka, String group, int batchRecords, int batchBytes) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "PERILUNE_CONSUMER_GROUP",
              "perilune-processor",
              "text",
              "processors of one group share the work; a new group reads everything again"),
          new Setting(
              "PERILUNE_BATCH_RECORDS",
              "5000",
              "1 to 100000",
              "most records stored in one transaction"),
          new Setting(
              "PERILUNE_BATCH_BYTES",
              "16777216",
              "65536 to 268435456",
              "most bytes stored in one transaction; a larger record goes alone"));

  public static ConsumerSettings from(Env env) {
    return new ConsumerSettings(
        KafkaSettings.from(env),
        env.text("PERILUNE_CONSUMER_GROUP", "perilune-processor"),
        env.integer("PERILUNE_BATCH_RECORDS", 5000, 1, 100_000),
        env.integer("PERILUNE_BATCH_BYTES", 16 << 20, 64 << 10, 256 << 20));
  }
}
