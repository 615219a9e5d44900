package dev.perilune.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.processor.consume.ConsumerSettings;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.config.Setting;
import dev.perilune.runtime.ops.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessorSettingsTest {
  private static final String URL = "postgres://me:secret@db.test:6432/runs?sslmode=require";

  @Test
  void defaultsAreTheDocumentedOnes() {
    ProcessorSettings settings = ProcessorSettings.from(new Env(Map.of("DATABASE_URL", URL)));

    ConsumerSettings consumer = settings.consumer();
    assertEquals(fallback("PERILUNE_CONSUMER_GROUP"), consumer.group());
    assertEquals(fallback("PERILUNE_BATCH_RECORDS"), Integer.toString(consumer.batchRecords()));
    assertEquals(fallback("PERILUNE_BATCH_BYTES"), Integer.toString(consumer.batchBytes()));
    assertEquals(
        fallback("PERILUNE_PRICE_RELOAD_SECONDS"),
        Long.toString(settings.priceReload().toSeconds()));
  }

  @Test
  void settingsFollowTheirVariables() {
    Env env =
        new Env(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "a:1",
                "PERILUNE_TOPIC_PARTITIONS", "48",
                "PERILUNE_TOPIC_REPLICATION", "3",
                "DATABASE_URL", URL,
                "PERILUNE_PG_POOL_SIZE", "3",
                "PERILUNE_CONSUMER_GROUP", "replay",
                "PERILUNE_BATCH_RECORDS", "7",
                "PERILUNE_BATCH_BYTES", "65536",
                "PERILUNE_PRICE_RELOAD_SECONDS", "60"));

    ProcessorSettings settings = ProcessorSettings.from(env);

    env.check();
    assertEquals(
        new ProcessorSettings(
            new ConsumerSettings(new KafkaSettings("a:1", 48, 3), "replay", 7, 65_536),
            PgSettings.of(URL, 3),
            Duration.ofSeconds(60)),
        settings);
  }

  @Test
  void everyFaultIsToldAtOnce() {
    Env env = new Env(Map.of("PERILUNE_BATCH_RECORDS", "0", "PERILUNE_BATCH_BYTES", "many"));
    ProcessorSettings.from(env);

    InvalidSettings invalid = assertThrows(InvalidSettings.class, env::check);

    assertEquals(3, invalid.faults().size(), invalid.getMessage());
  }

  @Test
  void readmeNamesEverySettingWithItsDefault() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    Stream.concat(HttpSettings.SETTINGS.stream(), ProcessorSettings.SETTINGS.stream())
        .forEach(
            setting ->
                assertTrue(
                    readme.contains("| `%s` | %s |".formatted(setting.name(), shown(setting))),
                    setting.name()));
  }

  @Test
  void readmeNamesEveryMeter() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    Stream.of(Meter.values())
        .filter(meter -> meter.name().startsWith("PROCESSOR_"))
        .forEach(meter -> assertTrue(readme.contains("`" + meter.id() + "`"), meter.id()));
  }

  private static String shown(Setting setting) {
    return setting.fallback().isEmpty() ? "must be set" : setting.fallback();
  }

  private static String fallback(String name) {
    return ProcessorSettings.SETTINGS.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow()
        .fallback();
  }
}
