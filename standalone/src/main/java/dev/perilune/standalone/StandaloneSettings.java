package dev.perilune.standalone;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What standalone decides itself; the services in it read their own settings.
 *
 * @param dataDir folder of keys, Kafka log and database
 * @param kafkaPort port of the embedded broker, 0 for a free one
 * @param pgPort port of the embedded database, 0 for a free one
 * @param embedsKafka false when {@code KAFKA_BOOTSTRAP_SERVERS} names brokers to use instead
 * @param embedsPostgres false when {@code DATABASE_URL} names a database to use instead
 */
record StandaloneSettings(
    HttpSettings http,
    Path dataDir,
    WantedKeys keys,
    int kafkaPort,
    int pgPort,
    boolean embedsKafka,
    boolean embedsPostgres) {

  static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "PERILUNE_DATA_DIR", "./data", "a folder", "Kafka log, database and keys; kept"),
          new Setting(
              "PERILUNE_PROJECT_ID", "random", "UUID", "first project; its id is its public key"),
          new Setting("PERILUNE_PRIVATE_KEY", "random", "UUID", "private key of that project"),
          new Setting("PERILUNE_ORG_KEY", "random", "UUID", "key of that project's organisation"),
          new Setting(
              "PERILUNE_KAFKA_PORT", "a free one", "0 to 65535", "embedded broker, on loopback"),
          new Setting(
              "PERILUNE_PG_PORT", "a free one", "0 to 65535", "embedded database, on loopback"),
          new Setting(
              "KAFKA_BOOTSTRAP_SERVERS",
              "the embedded broker",
              "host:port, separated by commas",
              "brokers to use instead"),
          new Setting(
              "DATABASE_URL",
              "the embedded database",
              "postgres://user:password@host:port/database",
              "database to use instead"));

  static StandaloneSettings from(Env env) {
    return new StandaloneSettings(
        HttpSettings.from(env),
        dataDir(env),
        WantedKeys.from(env),
        env.integer("PERILUNE_KAFKA_PORT", 0, 0, 65_535),
        env.integer("PERILUNE_PG_PORT", 0, 0, 65_535),
        !env.has("KAFKA_BOOTSTRAP_SERVERS"),
        !env.has("DATABASE_URL"));
  }

  static Path dataDir(Env env) {
    return Path.of(env.text("PERILUNE_DATA_DIR", "./data")).toAbsolutePath().normalize();
  }

  /** The keys that somebody asked for by variable; those that are null may be anything. */
  record WantedKeys(
      @Nullable UUID projectId, @Nullable UUID privateKey, @Nullable UUID organisationKey) {

    static WantedKeys from(Env env) {
      WantedKeys keys =
          new WantedKeys(
              env.uuid("PERILUNE_PROJECT_ID"),
              env.uuid("PERILUNE_PRIVATE_KEY"),
              env.uuid("PERILUNE_ORG_KEY"));
      List<UUID> given = keys.given();
      if (Set.copyOf(given).size() < given.size()) {
        env.fault(
            "PERILUNE_PRIVATE_KEY",
            "(hidden)",
            "must differ from PERILUNE_PROJECT_ID and PERILUNE_ORG_KEY, which must differ too");
      }
      return keys;
    }

    boolean isNone() {
      return given().isEmpty();
    }

    boolean isComplete() {
      return given().size() == 3;
    }

    private List<UUID> given() {
      return Stream.of(projectId, privateKey, organisationKey).filter(Objects::nonNull).toList();
    }
  }
}
