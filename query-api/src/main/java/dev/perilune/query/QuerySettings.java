package dev.perilune.query;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.Setting;
import java.time.Duration;
import java.util.List;

/**
 * How the query API answers.
 *
 * @param statementLimit how long one statement may take before its question is given up
 * @param consumerGroup whose offsets tell what is visible; that of the processors
 */
public record QuerySettings(Duration statementLimit, String consumerGroup) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "PERILUNE_QUERY_TIMEOUT_MS",
              "10000",
              "10 to 600000",
              "longest time that one statement of a question may take"),
          new Setting(
              "PERILUNE_CONSUMER_GROUP",
              "perilune-processor",
              "text",
              "group of the processors, whose offsets tell what is visible"));

  public static QuerySettings from(Env env) {
    return new QuerySettings(
        Duration.ofMillis(env.integer("PERILUNE_QUERY_TIMEOUT_MS", 10_000, 10, 600_000)),
        env.text("PERILUNE_CONSUMER_GROUP", "perilune-processor"));
  }
}
