package dev.perilune.runtime.limit;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.Setting;
import java.util.List;

/**
 * How often one key may read and manage.
 *
 * @param requestsPerSecond sustained; 0 sets no limit
 * @param burst requests that may come at once after a pause
 */
public record RateSettings(int requestsPerSecond, int burst) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "PERILUNE_RATE_LIMIT",
              "30",
              "0 to 1000000",
              "reading and managing requests a second for each key; 0 sets no limit"),
          new Setting(
              "PERILUNE_RATE_BURST",
              "150",
              "1 to 1000000",
              "requests that a key may make at once after a pause"));

  public static RateSettings from(Env env) {
    return new RateSettings(
        env.integer("PERILUNE_RATE_LIMIT", 30, 0, 1_000_000),
        env.integer("PERILUNE_RATE_BURST", 150, 1, 1_000_000));
  }
}
