package dev.perilune.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.live.LiveSettings;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.config.Setting;
import dev.perilune.runtime.limit.RateSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuerySettingsTest {

  @Test
  void defaultsAreWhatTheTableSays() {
    assertEquals(
        new QuerySettings(
            Duration.ofSeconds(10),
            new RateSettings(30, 150),
            "perilune-processor",
            new LiveSettings(null, 200)),
        QuerySettings.from(new Env(Map.of())));
  }

  @Test
  void everySettingIsReadFromItsVariable() {
    assertEquals(
        new QuerySettings(
            Duration.ofMillis(2500),
            new RateSettings(7, 8),
            "others",
            new LiveSettings("kafka:9092", 5)),
        QuerySettings.from(
            new Env(
                Map.of(
                    "PERILUNE_QUERY_TIMEOUT_MS",
                    "2500",
                    "PERILUNE_RATE_LIMIT",
                    "7",
                    "PERILUNE_RATE_BURST",
                    "8",
                    "PERILUNE_CONSUMER_GROUP",
                    "others",
                    "KAFKA_BOOTSTRAP_SERVERS",
                    "kafka:9092",
                    "PERILUNE_LIVE_CLIENTS",
                    "5"))));
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    Env env = new Env(Map.of("PERILUNE_QUERY_TIMEOUT_MS", "9"));
    QuerySettings.from(env);
    assertThrows(InvalidSettings.class, env::check);
  }

  @Test
  void theReadmeListsEverySetting() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Stream.of(QuerySettings.SETTINGS, HttpSettings.SETTINGS, PgSettings.SETTINGS)
        .flatMap(List::stream)
        .map(Setting::name)
        .forEach(name -> assertTrue(readme.contains("`" + name + "`"), name));
  }
}
