package dev.perilune.query.live;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where changed runs come from, and for how many.
 *
 * @param bootstrapServers the brokers; null for none, and then nobody can listen
 * @param mostClients how many may listen at a time
 */
public record LiveSettings(@Nullable String bootstrapServers, int mostClients) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "KAFKA_BOOTSTRAP_SERVERS",
              "none",
              "host:port, separated by commas",
              "brokers of the changed runs; without them /v1/runs/live answers 503"),
          new Setting(
              "PERILUNE_LIVE_CLIENTS",
              "200",
              "0 to 100000",
              "most clients that listen to live runs at a time"));

  public static LiveSettings from(Env env) {
    return new LiveSettings(
        env.has("KAFKA_BOOTSTRAP_SERVERS") ? env.text("KAFKA_BOOTSTRAP_SERVERS", "") : null,
        env.integer("PERILUNE_LIVE_CLIENTS", 200, 0, 100_000));
  }
}
