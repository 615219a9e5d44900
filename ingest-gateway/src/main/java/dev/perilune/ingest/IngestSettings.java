package dev.perilune.ingest;

import dev.perilune.ingest.otlp.OtlpSettings;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.config.Setting;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the gateway can be told.
 *
 * @param maxBodyBytes of one request, decoded
 * @param inFlightBytes that all requests together may hold while they are read and published
 * @param maxEvents of one request
 * @param kafkaDoor whether events are taken from the topic for producers too
 * @param brokerSilence how long nothing may be acknowledged before the broker counts as away
 * @param otlp what concerns OpenTelemetry's exporters alone
 */
public record IngestSettings(
    KafkaSettings kafka,
    int maxBodyBytes,
    long inFlightBytes,
    int maxEvents,
    boolean kafkaDoor,
    Duration brokerSilence,
    OtlpSettings otlp) {

  private static final int MEGABYTE = 1 << 20;
  private static final int DEFAULT_BODY_BYTES = 20 * MEGABYTE;
  private static final int LARGEST_BODY_BYTES = 256 * MEGABYTE;

  public static final List<Setting> SETTINGS =
      Stream.of(
              KafkaSettings.SETTINGS,
              OtlpSettings.SETTINGS,
              List.of(
                  new Setting(
                      "PERILUNE_MAX_BODY_BYTES",
                      Integer.toString(DEFAULT_BODY_BYTES),
                      "1024 to " + LARGEST_BODY_BYTES,
                      "largest request body, decoded; also the largest event"),
                  new Setting(
                      "PERILUNE_INFLIGHT_BYTES",
                      "an eighth of the heap, two bodies at least",
                      "at least one body",
                      "bytes of request bodies held at a time; beyond it, 503"),
                  new Setting(
                      "PERILUNE_MAX_EVENTS_PER_REQUEST",
                      "100000",
                      "1 to 10000000",
                      "events that one request or record may hold; beyond it, 413"),
                  new Setting(
                      "PERILUNE_KAFKA_DOOR",
                      "true",
                      "true or false",
                      "whether this gateway takes events from the topic perilune.ingest too"),
                  new Setting(
                      "PERILUNE_BROKER_SILENCE_MS",
                      "700",
                      "100 to 60000",
                      "milliseconds without any acknowledgement before the broker counts as away")))
          .flatMap(List::stream)
          .toList();

  public static IngestSettings from(Env env) {
    int maxBodyBytes =
        env.integer("PERILUNE_MAX_BODY_BYTES", DEFAULT_BODY_BYTES, 1024, LARGEST_BODY_BYTES);
    OtlpSettings otlp = OtlpSettings.from(env);
    long largest = Math.max(maxBodyBytes, otlp.maxBodyBytes());
    long inFlightDefault = Math.max(2 * largest, Runtime.getRuntime().maxMemory() / 8);
    return new IngestSettings(
        KafkaSettings.from(env),
        maxBodyBytes,
        env.longInteger("PERILUNE_INFLIGHT_BYTES", inFlightDefault, maxBodyBytes, Long.MAX_VALUE),
        env.integer("PERILUNE_MAX_EVENTS_PER_REQUEST", 100_000, 1, 10_000_000),
        env.flag("PERILUNE_KAFKA_DOOR", true),
        Duration.ofMillis(env.integer("PERILUNE_BROKER_SILENCE_MS", 700, 100, 60_000)),
        otlp);
  }
}
