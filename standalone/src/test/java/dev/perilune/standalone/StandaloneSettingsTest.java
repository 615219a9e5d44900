package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.runtime.config.Setting;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StandaloneSettingsTest {
  private static final Map<String, String> EVERY_ONE =
      Map.of(
          "PERILUNE_DATA_DIR", "/srv/perilune",
          "PERILUNE_PROJECT_ID", "11111111-1111-4111-8111-111111111111",
          "PERILUNE_PRIVATE_KEY", "22222222-2222-4222-8222-222222222222",
          "PERILUNE_ORG_KEY", "33333333-3333-4333-8333-333333333333",
          "PERILUNE_KAFKA_PORT", "19092",
          "PERILUNE_PG_PORT", "15432",
          "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
          "DATABASE_URL", "postgres://postgres/perilune");

  @Test
  void unsetVariablesMeanEmbeddedServersOnFreePorts() {
    StandaloneSettings settings = read(Map.of());
    assertEquals(3333, settings.http().port());
    assertEquals(Path.of("data").toAbsolutePath(), settings.dataDir());
    assertTrue(settings.keys().isNone());
    assertEquals(0, settings.kafkaPort());
    assertEquals(0, settings.pgPort());
    assertTrue(settings.embedsKafka());
    assertTrue(settings.embedsPostgres());
  }

  @Test
  void everyVariableIsRead() {
    StandaloneSettings settings = read(EVERY_ONE);
    assertEquals(Path.of("/srv/perilune"), settings.dataDir());
    assertEquals(
        UUID.fromString("22222222-2222-4222-8222-222222222222"), settings.keys().privateKey());
    assertTrue(settings.keys().isComplete());
    assertEquals(19092, settings.kafkaPort());
    assertEquals(15432, settings.pgPort());
    assertFalse(settings.embedsKafka());
    assertFalse(settings.embedsPostgres());
  }

  @Test
  void everyVariableIsListed() {
    Set<String> listed =
        StandaloneSettings.SETTINGS.stream().map(Setting::name).collect(Collectors.toSet());
    assertEquals(EVERY_ONE.keySet(), listed);
  }

  @Test
  void oneKeyForTwoPurposesIsRefused() {
    String same = "11111111-1111-4111-8111-111111111111";
    Env env = new Env(Map.of("PERILUNE_PROJECT_ID", same, "PERILUNE_PRIVATE_KEY", same));
    StandaloneSettings.from(env);
    assertThrows(InvalidSettings.class, env::check);
  }

  private static StandaloneSettings read(Map<String, String> variables) {
    Env env = new Env(variables);
    StandaloneSettings settings = StandaloneSettings.from(env);
    env.check();
    return settings;
  }
}
