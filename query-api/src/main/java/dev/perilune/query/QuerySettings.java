package dev.perilune.query;

import dev.perilune.query.live.LiveSettings;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.Setting;
import dev.perilune.runtime.limit.RateSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the query API answers.
 *
 * @param statementLimit how long one statement may take before its question is given up
 * @param rate how often one key may ask
 * @param consumerGroup whose offsets tell what is visible; that of the processors
 * @param live where changed runs come from
 */
public record QuerySettings(
    Duration statementLimit, RateSettings rate, String consumerGroup, LiveSettings live) {

  public static final List<Setting> SETTINGS =
      Stream.concat(
              Stream.of(
                  new Setting(
                      "PERILUNE_QUERY_TIMEOUT_MS",
                      "10000",
                      "10 to 600000",
                      "longest time that one statement of a question may take"),
                  new Setting(
                      "PERILUNE_CONSUMER_GROUP",
                      "perilune-processor",
                      "text",
                      "group of the processors, whose offsets tell what is visible")),
              Stream.concat(RateSettings.SETTINGS.stream(), LiveSettings.SETTINGS.stream()))
          .toList();

  public static QuerySettings from(Env env) {
    return new QuerySettings(
        Duration.ofMillis(env.integer("PERILUNE_QUERY_TIMEOUT_MS", 10_000, 10, 600_000)),
        RateSettings.from(env),
        env.text("PERILUNE_CONSUMER_GROUP", "perilune-processor"),
        LiveSettings.from(env));
  }
}
