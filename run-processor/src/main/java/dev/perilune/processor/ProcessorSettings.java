package dev.perilune.processor;

import dev.perilune.processor.consume.ConsumerSettings;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.config.Setting;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything a processor can be told, but for its HTTP port.
 *
 * @param priceReload how old prices may be
 */
public record ProcessorSettings(ConsumerSettings consumer, PgSettings pg, Duration priceReload) {

  public static final List<Setting> SETTINGS =
      Stream.of(
              KafkaSettings.SETTINGS,
              PgSettings.SETTINGS,
              ConsumerSettings.SETTINGS,
              List.of(
                  new Setting(
                      "PERILUNE_PRICE_RELOAD_SECONDS",
                      "5",
                      "1 to 86400",
                      "how soon a changed price applies to new runs")))
          .flatMap(List::stream)
          .toList();

  public static ProcessorSettings from(Env env) {
    return new ProcessorSettings(
        ConsumerSettings.from(env),
        PgSettings.from(env),
        Duration.ofSeconds(env.integer("PERILUNE_PRICE_RELOAD_SECONDS", 5, 1, 86_400)));
  }
}
