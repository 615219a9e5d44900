package dev.perilune.standalone;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.embedded.DirectoryInUse;
import dev.perilune.embedded.DirectoryLock;
import dev.perilune.runtime.config.Env;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the broker and the database of a running standalone are, kept in its data folder so that a
 * command beside it finds them. Holds the database's password: readable by its owner alone.
 */
public record RunningServers(
    @JsonProperty("kafka") String kafka, @JsonProperty("database") String database) {

  private static final String FILE_NAME = "servers.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keeps the addresses of what was started. */
  static void keep(Path dataDir, Map<String, String> environment) {
    RunningServers servers =
        new RunningServers(
            environment.get("KAFKA_BOOTSTRAP_SERVERS"), environment.get("DATABASE_URL"));
    try {
      PrivateFile.write(
          dataDir.resolve(FILE_NAME),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(servers));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write into " + dataDir + ": " + e, e);
    }
  }

  /** Forgets those of an earlier run. */
  static void forget(Path dataDir) {
    try {
      Files.deleteIfExists(dataDir.resolve(FILE_NAME));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write into " + dataDir + ": " + e, e);
    }
  }

  /**
   * The environment, completed with the addresses of the standalone that runs on a data folder
   * where no variable gives others.
   *
   * @throws StartRefused when some are missing and nothing runs there
   */
  static Map<String, String> complete(Map<String, String> environment, Path dataDir) {
    Map<String, String> completed = new HashMap<>(environment);
    if (isGiven(environment, "KAFKA_BOOTSTRAP_SERVERS") && isGiven(environment, "DATABASE_URL")) {
      return completed;
    }
    RunningServers servers = of(dataDir);
    if (!isGiven(environment, "KAFKA_BOOTSTRAP_SERVERS")) {
      completed.put("KAFKA_BOOTSTRAP_SERVERS", servers.kafka);
    }
    if (!isGiven(environment, "DATABASE_URL")) {
      completed.put("DATABASE_URL", servers.database);
    }
    return completed;
  }

  /**
   * The database that the environment names, else that of the standalone that runs on its data
   * folder.
   *
   * @throws StartRefused when none is named and nothing runs there
   */
  public static String databaseUrl(Map<String, String> environment) {
    return isGiven(environment, "DATABASE_URL")
        ? environment.get("DATABASE_URL")
        : of(StandaloneSettings.dataDir(new Env(environment))).database;
  }

  private static RunningServers of(Path dataDir) {
    Path file = dataDir.resolve(FILE_NAME);
    if (!Files.exists(file) || !isLocked(dataDir)) {
      throw new StartRefused(
          "No Perilune runs on the data folder "
              + dataDir
              + ". Start it and run this beside it, name its folder with PERILUNE_DATA_DIR, or set"
              + " KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL.");
    }
    try {
      return JSON.readValue(Files.readAllBytes(file), RunningServers.class);
    } catch (IOException e) {
      throw new StartRefused("Cannot read " + file + " (" + e.getMessage() + ").");
    }
  }

  private static boolean isLocked(Path dataDir) {
    try {
      DirectoryLock.take(dataDir).close();
      return false;
    } catch (DirectoryInUse running) {
      return true;
    }
  }

  private static boolean isGiven(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }
}
