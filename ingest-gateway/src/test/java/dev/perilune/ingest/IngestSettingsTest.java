package dev.perilune.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.ingest.otlp.OtlpSettings;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IngestSettingsTest {

  @Test
  void defaultsAreTheDocumentedOnes() {
    IngestSettings settings = IngestSettings.from(new Env(Map.of()));

    assertEquals(fallback("PERILUNE_MAX_BODY_BYTES"), Integer.toString(settings.maxBodyBytes()));
    assertEquals(
        fallback("PERILUNE_MAX_EVENTS_PER_REQUEST"), Integer.toString(settings.maxEvents()));
    assertEquals(
        fallback("PERILUNE_BROKER_SILENCE_MS"), Long.toString(settings.brokerSilence().toMillis()));
    assertTrue(settings.inFlightBytes() >= 2L * settings.maxBodyBytes());
  }

  @Test
  void everySettingFollowsItsVariable() {
    Map<String, String> variables =
        Map.ofEntries(
            Map.entry("KAFKA_BOOTSTRAP_SERVERS", "k:1"),
            Map.entry("PERILUNE_TOPIC_PARTITIONS", "3"),
            Map.entry("PERILUNE_TOPIC_REPLICATION", "2"),
            Map.entry("PERILUNE_MAX_BODY_BYTES", "268435456"),
            Map.entry("PERILUNE_INFLIGHT_BYTES", "3000000000"),
            Map.entry("PERILUNE_MAX_EVENTS_PER_REQUEST", "7"),
            Map.entry("PERILUNE_KAFKA_DOOR", "false"),
            Map.entry("PERILUNE_BROKER_SILENCE_MS", "1500"),
            Map.entry("PERILUNE_OTLP_MAX_BODY_BYTES", "5000"),
            Map.entry("PERILUNE_OTLP_MAX_SPAN_BYTES", "2000"),
            Map.entry("OTLP_DROP_NON_GENAI", "true"),
            Map.entry("PERILUNE_OTLP_GRPC_PORT", "0"));

    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(
        new IngestSettings(
            new KafkaSettings("k:1", 3, 2),
            268_435_456,
            3_000_000_000L,
            7,
            false,
            Duration.ofMillis(1500),
            new OtlpSettings(5000, 2000, true, "0.0.0.0", 0, true, processors)),
        IngestSettings.from(new Env(variables)));
    assertEquals(
        variables.keySet(),
        IngestSettings.SETTINGS.stream().map(Setting::name).collect(Collectors.toSet()));
  }

  @Test
  void aBudgetBelowOneBodyIsRefused() {
    Env env = new Env(Map.of("PERILUNE_INFLIGHT_BYTES", "1000"));

    IngestSettings.from(env);

    assertThrows(InvalidSettings.class, env::check);
  }

  @Test
  void theReadmeNamesEverySettingAndMeter() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    Stream.of(IngestSettings.SETTINGS, HttpSettings.SETTINGS, PgSettings.SETTINGS)
        .flatMap(List::stream)
        .map(Setting::name)
        .forEach(name -> assertTrue(readme.contains("`" + name + "`"), name));
    for (Meter meter : Meter.values()) {
      if (meter.id().startsWith("perilune.ingest.")) {
        assertTrue(readme.contains("`" + meter.id() + "`"), meter.id());
      }
    }
  }

  private static String fallback(String name) {
    return IngestSettings.SETTINGS.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow()
        .fallback();
  }
}
