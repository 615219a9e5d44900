package dev.perilune.runtime.config;

import java.util.List;

/**
 * Where the HTTP server listens.
 *
 * @param port 0 takes any free port, which {@code HttpService.port()} then tells
 * @param threads event loops that share the port, each with its own router
 */
public record HttpSettings(String host, int port, int threads) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting("PERILUNE_HOST", "0.0.0.0", "address", "address the HTTP server binds to"),
          new Setting("PERILUNE_PORT", "3333", "0 to 65535", "HTTP port; 0 takes any free one"),
          new Setting(
              "PERILUNE_HTTP_THREADS",
              "number of processors",
              "1 to 256",
              "event loops that serve the port"));

  public static HttpSettings from(Env env) {
    return new HttpSettings(
        env.text("PERILUNE_HOST", "0.0.0.0"),
        env.integer("PERILUNE_PORT", 3333, 0, 65_535),
        env.integer("PERILUNE_HTTP_THREADS", Runtime.getRuntime().availableProcessors(), 1, 256));
  }
}
