package dev.perilune.embedded;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Server settings for a laptop, given on its command line, where they win over the files. What
 * plans and memory depend on, docker-compose.yml gives its server too.
 */
final class PostgresSettings {

  private PostgresSettings() {}

  static String commandLine(int port, boolean durable) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "100");
    // A million runs without their texts: charts with a filter read all of their window.
    settings.put("shared_buffers", durable ? "512MB" : "64MB");
    settings.put("work_mem", "16MB");
    settings.put("maintenance_work_mem", "128MB");
    settings.put("effective_cache_size", "1GB");
    settings.put("random_page_cost", "1.1");
    // Statements are short; compiling them costs more than it saves.
    settings.put("jit", "off");
    settings.put("wal_buffers", "16MB");
    settings.put("min_wal_size", "256MB");
    settings.put("max_wal_size", "2GB");
    settings.put("checkpoint_timeout", "10min");
    settings.put("checkpoint_completion_target", "0.9");
    settings.put("log_checkpoints", "off");
    settings.put("fsync", onOff(durable));
    settings.put("synchronous_commit", onOff(durable));
    settings.put("full_page_writes", onOff(durable));
    return settings.entrySet().stream()
        .map(setting -> "-c " + setting.getKey() + "='" + setting.getValue() + "'")
        .collect(Collectors.joining(" "));
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }
}
