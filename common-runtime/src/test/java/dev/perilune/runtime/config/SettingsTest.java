package dev.perilune.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void httpDefaultsAreTheDocumentedOnes() {
    HttpSettings http = HttpSettings.from(new Env(Map.of()));

    assertEquals(fallback(HttpSettings.SETTINGS, "PERILUNE_HOST"), http.host());
    assertEquals(fallback(HttpSettings.SETTINGS, "PERILUNE_PORT"), Integer.toString(http.port()));
    assertEquals(Runtime.getRuntime().availableProcessors(), http.threads());
  }

  @Test
  void httpSettingsFollowTheirVariables() {
    Env env =
        new Env(Map.of("PERILUNE_HOST", "::1", "PERILUNE_PORT", "0", "PERILUNE_HTTP_THREADS", "3"));

    assertEquals(new HttpSettings("::1", 0, 3), HttpSettings.from(env));
  }

  @Test
  void kafkaDefaultsAreTheDocumentedOnes() {
    KafkaSettings kafka = KafkaSettings.from(new Env(Map.of()));

    assertEquals(
        fallback(KafkaSettings.SETTINGS, "KAFKA_BOOTSTRAP_SERVERS"), kafka.bootstrapServers());
    assertEquals(
        fallback(KafkaSettings.SETTINGS, "PERILUNE_TOPIC_PARTITIONS"),
        Integer.toString(kafka.partitions()));
    assertEquals(
        fallback(KafkaSettings.SETTINGS, "PERILUNE_TOPIC_REPLICATION"),
        Integer.toString(kafka.replication()));
  }

  @Test
  void kafkaSettingsFollowTheirVariables() {
    Env env =
        new Env(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2",
                "PERILUNE_TOPIC_PARTITIONS", "48",
                "PERILUNE_TOPIC_REPLICATION", "3"));

    assertEquals(new KafkaSettings("a:1,b:2", 48, 3), KafkaSettings.from(env));
  }

  @Test
  void aDatabaseAddressIsTakenApart() {
    PgSettings pg = PgSettings.of("postgres://me:p%40ss+1@db.test:6432/runs?sslmode=require", 4);

    assertEquals(new PgSettings("db.test", 6432, "runs", "me", "p@ss+1", "require", 4), pg);
    assertEquals("jdbc:postgresql://db.test:6432/runs?sslmode=require", pg.jdbcUrl());
  }

  @Test
  void portAndSslModeOfADatabaseAddressHaveDefaults() {
    PgSettings pg = PgSettings.of("postgresql://me@db.test/runs", 4);

    assertEquals(new PgSettings("db.test", 5432, "runs", "me", "", "prefer", 4), pg);
  }

  @Test
  void aDatabaseAddressThatCannotBeReadIsNeverShown() {
    for (String address :
        new String[] {
          "mysql://me:secret@db/runs",
          "postgres://me:secret@db",
          "postgres://me:secret@db/x?sslmode=x"
        }) {
      Env env = new Env(Map.of("DATABASE_URL", address));

      PgSettings.from(env);
      InvalidSettings invalid = assertThrows(InvalidSettings.class, env::check);

      assertFalse(invalid.getMessage().contains("secret"), address);
      assertTrue(invalid.getMessage().contains("DATABASE_URL"), address);
    }
  }

  @Test
  void aMissingDatabaseAddressIsAFault() {
    Env env = new Env(Map.of());

    PgSettings.from(env);

    assertThrows(InvalidSettings.class, env::check);
  }

  @Test
  void passwordsStayOutOfTexts() {
    assertFalse(PgSettings.of("postgres://me:secret@db/runs", 1).toString().contains("secret"));
  }

  private static String fallback(Iterable<Setting> settings, String name) {
    for (Setting setting : settings) {
      if (setting.name().equals(name)) {
        return setting.fallback();
      }
    }
    throw new AssertionError(name + " is not documented");
  }
}
