package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.standalone.remote.RemoteFailure;
import dev.perilune.standalone.remote.RemoteOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills a running instance with example data. */
@Command(
    name = "demo",
    description = "Fill a running instance with a believable month of example data.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Runnable {
  private static final int BATCH_EVENTS = 400;
  private static final Duration LONGEST_STORY = Duration.ofMinutes(10);

  @Mixin private final RemoteOptions remote;

  @Option(names = "--days", description = "How far back (default: ${DEFAULT-VALUE}).")
  private int days = 30;

  @Option(names = "--runs", description = "About how many runs (default: ${DEFAULT-VALUE}).")
  private int runs = 3000;

  @Option(names = "--seed", description = "Same seed, same stories (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  private final PrintStream out;

  public DemoCommand(RemoteOptions remote, PrintStream out) {
    this.remote = remote;
    this.out = out;
  }

  @Override
  public void run() {
    RemoteFailure.requireRange("--days", days, 1, 3650);
    RemoteFailure.requireRange("--runs", runs, 1, 10_000_000);
    String target = remote.url();
    Upload upload = new Upload(target, remote.key());
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
}
