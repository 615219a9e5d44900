package dev.perilune.ingest.otlp;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.Setting;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the OTLP door can be told.
 *
 * @param maxBodyBytes of one request, decoded
 * @param maxSpanBytes that the events of one span may have
 * @param dropsNoise whether spans are left out that say nothing of language models
 * @param host address that gRPC binds to
 * @param grpcPort 0 takes any free one; null for no gRPC
 * @param portIsWanted whether somebody asked for this port, so that it must be had
 * @param threads event loops that serve gRPC
 */
public record OtlpSettings(
    int maxBodyBytes,
    int maxSpanBytes,
    boolean dropsNoise,
    String host,
    @Nullable Integer grpcPort,
    boolean portIsWanted,
    int threads) {

  private static final int MEGABYTE = 1 << 20;
  private static final int DEFAULT_BODY_BYTES = 64 * MEGABYTE;
  private static final int LARGEST_BODY_BYTES = 256 * MEGABYTE;
  private static final int DEFAULT_SPAN_BYTES = 5 * MEGABYTE;
  private static final String DROP_NOISE = "OTLP_DROP_NON_GENAI";
  private static final String GRPC_PORT = "PERILUNE_OTLP_GRPC_PORT";
  private static final int DEFAULT_GRPC_PORT = 4317;
  private static final String OFF = "off";

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "PERILUNE_OTLP_MAX_BODY_BYTES",
              Integer.toString(DEFAULT_BODY_BYTES),
              "1024 to " + LARGEST_BODY_BYTES,
              "largest OTLP request, decoded; beyond it, 413"),
          new Setting(
              "PERILUNE_OTLP_MAX_SPAN_BYTES",
              Integer.toString(DEFAULT_SPAN_BYTES),
              "1024 to " + LARGEST_BODY_BYTES,
              "what one span may become; a larger one is rejected alone"),
          new Setting(
              DROP_NOISE,
              "false",
              "true or false",
              "whether spans are left out that say nothing of language models, as HTTP's do"),
          new Setting(
              GRPC_PORT,
              Integer.toString(DEFAULT_GRPC_PORT),
              "0 to 65535, or off",
              "port for OTLP over gRPC; if it is taken and was not asked for, there is no gRPC"));

  public static OtlpSettings from(Env env) {
    HttpSettings http = HttpSettings.from(env);
    String port = env.text(GRPC_PORT, "");
    boolean isOff = port.strip().toLowerCase(Locale.ROOT).equals(OFF);
    return new OtlpSettings(
        env.integer("PERILUNE_OTLP_MAX_BODY_BYTES", DEFAULT_BODY_BYTES, 1024, LARGEST_BODY_BYTES),
        env.integer("PERILUNE_OTLP_MAX_SPAN_BYTES", DEFAULT_SPAN_BYTES, 1024, LARGEST_BODY_BYTES),
        env.flag(DROP_NOISE, false),
        http.host(),
        isOff ? null : (Integer) env.integer(GRPC_PORT, DEFAULT_GRPC_PORT, 0, 65_535),
        !port.isBlank(),
        http.threads());
  }
}
