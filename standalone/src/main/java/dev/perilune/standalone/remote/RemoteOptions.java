package dev.perilune.standalone.remote;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that talk to a running instance; without them, the one started here. */
public final class RemoteOptions {

  @Option(names = "--url", description = "Where it runs (default: http://localhost:PERILUNE_PORT).")
  private @Nullable String url;

  @Option(
      names = "--key",
      description =
          "Private key of the project (default: PERILUNE_PRIVATE_KEY, else the one in the data"
              + " folder).")
  private @Nullable String key;

  private final Map<String, String> environment;
  private final Supplier<@Nullable UUID> keyOfDataFolder;

  /**
   * @param environment the variables of this process
   * @param keyOfDataFolder finds the key of an instance that was started in this place
   */
  public RemoteOptions(Map<String, String> environment, Supplier<@Nullable UUID> keyOfDataFolder) {
    this.environment = environment;
    this.keyOfDataFolder = keyOfDataFolder;
  }

  /** Where the instance is, without a slash at the end. */
  public String url() {
    String given =
        url != null ? url : "http://localhost:" + environment.getOrDefault("PERILUNE_PORT", "3333");
    return given.replaceAll("/+$", "");
  }

  /**
   * The key to come with.
   *
   * @throws RemoteFailure when nothing names one
   */
  public String key() {
    if (key != null) {
      return key;
    }
    String given = environment.getOrDefault("PERILUNE_PRIVATE_KEY", "");
    if (!given.isBlank()) {
      return given;
    }
    UUID found = keyOfDataFolder.get();
    if (found == null) {
      throw new RemoteFailure(
          "No key: give --key, or run this where the instance was started (PERILUNE_DATA_DIR).");
    }
    return found.toString();
  }
}
