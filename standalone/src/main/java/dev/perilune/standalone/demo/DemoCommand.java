package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fills a running instance with example data. */
@Command(
    name = "demo",
    description = "Fill a running instance with a believable month of example data.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Runnable {
  private static final int BATCH_EVENTS = 400;
  private static final Duration LONGEST_STORY = Duration.ofMinutes(10);

  @Option(names = "--url", description = "Where it runs (default: http://localhost:PERILUNE_PORT).")
  private @Nullable String url;

  @Option(
      names = "--key",
      description =
          "Public or private key of the project (default: PERILUNE_PRIVATE_KEY, else the one in"
              + " the data folder).")
  private @Nullable String key;

  @Option(names = "--days", description = "How far back (default: ${DEFAULT-VALUE}).")
  private int days = 30;

  @Option(names = "--runs", description = "About how many runs (default: ${DEFAULT-VALUE}).")
  private int runs = 3000;

  @Option(names = "--seed", description = "Same seed, same stories (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  private final Map<String, String> environment;
  private final Supplier<@Nullable UUID> keyOfDataFolder;
  private final PrintStream out;

  /**
   * @param environment the variables of this process
   * @param keyOfDataFolder finds the key of an instance that was started in this place
   */
  public DemoCommand(
      Map<String, String> environment, Supplier<@Nullable UUID> keyOfDataFolder, PrintStream out) {
    this.environment = environment;
    this.keyOfDataFolder = keyOfDataFolder;
    this.out = out;
  }

  @Override
  public void run() {
    requireRange("--days", days, 3650);
    requireRange("--runs", runs, 10_000_000);
    String target = target();
    Upload upload = new Upload(target, key());
    DemoData data = new DemoData(seed, Instant.now().minus(LONGEST_STORY), days);
    Progress progress = new Progress(out, System.console() != null, runs);
    int sent = 0;
    int refused = 0;
    while (sent < runs) {
      List<ObjectNode> batch = new ArrayList<>();
      while (sent < runs && batch.size() < BATCH_EVENTS) {
        Story story = data.next();
        batch.addAll(story.events());
        sent += story.runs();
      }
      refused += upload.send(batch);
      progress.show(sent);
    }
    out.printf("%d runs of %d days are at %s, %d events refused%n", sent, days, target, refused);
  }

  private String target() {
    return url != null
        ? url
        : "http://localhost:" + environment.getOrDefault("PERILUNE_PORT", "3333");
  }

  private String key() {
    if (key != null) {
      return key;
    }
    String given = environment.getOrDefault("PERILUNE_PRIVATE_KEY", "");
    if (!given.isBlank()) {
      return given;
    }
    UUID found = keyOfDataFolder.get();
    if (found == null) {
      throw new DemoFailure(
          "No key: give --key, or run this where the instance was started (PERILUNE_DATA_DIR).");
    }
    return found.toString();
  }

  private static void requireRange(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new DemoFailure(option + " must be 1 to " + max + ", was " + value);
    }
  }
}
