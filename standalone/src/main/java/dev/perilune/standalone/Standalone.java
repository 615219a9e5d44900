package dev.perilune.standalone;

import dev.perilune.embedded.DirectoryInUse;
import dev.perilune.embedded.DirectoryLock;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Migrations;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Everything in one process: broker, database, the three services on one port.
 *
 * @param keys the first project's
 * @param port where HTTP is served
 */
record Standalone(StandaloneSettings settings, FirstKeys keys, int port) {
  private static final Duration UNLOCK_LIMIT = Duration.ofSeconds(1);

  /**
   * Starts and returns once an event can be taken, stored and read. Blocks.
   *
   * @param steps gets what has to be stopped, also when the start fails half way
   * @throws StartRefused when something is in the way that the person who started it can mend
   */
  static Standalone start(Map<String, String> environment, ShutdownSteps steps) {
    StandaloneSettings settings = settings(environment);
    lock(settings.dataDir(), steps);
    RunningServers.forget(settings.dataDir());
    requireFreePort(settings.http());
    FirstKeys keys = FirstKeys.load(settings.dataDir(), settings.keys());
    Map<String, String> completed = DataServers.start(settings, environment, steps);
    RunningServers.keep(settings.dataDir(), completed);
    PgSettings postgres = postgres(completed);
    Migrations.run(postgres);
    FirstProject.ensure(postgres, keys, !settings.keys().isNone());
    return new Standalone(settings, keys, Services.start(completed, settings.http(), steps));
  }

  private static StandaloneSettings settings(Map<String, String> environment) {
    Map<String, String> complete = new HashMap<>(environment);
    if (environment.getOrDefault("DATABASE_URL", "").isBlank()) {
      // Known once the database runs; the other settings are checked before it starts.
      complete.put("DATABASE_URL", "postgres://perilune@127.0.0.1/perilune");
    }
    Env env = new Env(complete);
    StandaloneSettings.from(env);
    Services.Settings.from(env);
    env.check();
    return StandaloneSettings.from(new Env(environment));
  }

  private static PgSettings postgres(Map<String, String> environment) {
    Env env = new Env(environment);
    PgSettings settings = PgSettings.from(env);
    env.check();
    return settings;
  }

  private static void lock(Path dataDir, ShutdownSteps steps) {
    try {
      createPrivately(dataDir);
      DirectoryLock lock = DirectoryLock.take(dataDir);
      steps.addBlocking("data folder", UNLOCK_LIMIT, lock::close);
    } catch (DirectoryInUse e) {
      throw new StartRefused(
          "Perilune runs already on this data folder. "
              + e.getMessage().replace("another folder.", "another with PERILUNE_DATA_DIR."));
    }
  }

  /** Prompts and answers are nobody else's business; a folder that exists keeps its rights. */
  private static void createPrivately(Path dataDir) {
    try {
      Files.createDirectories(
          dataDir,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new StartRefused(
          "Cannot make the data folder "
              + dataDir
              + " ("
              + e
              + "). Choose another with"
              + " PERILUNE_DATA_DIR.");
    }
  }

  /** Looks before the slow part of the start; the server itself looks again. */
  private static void requireFreePort(HttpSettings http) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(http.host(), http.port()));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartRefused(
          "Cannot listen on %s:%d (%s). Choose another port with PERILUNE_PORT."
              .formatted(http.host(), http.port(), e.getMessage()));
    }
  }
}
