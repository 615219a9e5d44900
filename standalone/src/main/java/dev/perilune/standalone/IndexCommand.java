package dev.perilune.standalone;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.SearchRebuild;
import dev.perilune.runtime.config.PgSettings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the search index made anew; it is kept up by the processors otherwise. */
@Command(
    name = "index",
    description = {
      "Make the search index anew from the stored runs, beside running processors.",
      "Processors keep it up by themselves: this is for an index that is suspected to be wrong."
    },
    mixinStandardHelpOptions = true)
final class IndexCommand implements Runnable {
  private static final long LINE_NANOS = Duration.ofSeconds(1).toNanos();

  @Option(names = "--project", description = "Only this project (its id).")
  private @Nullable UUID project;

  private final Map<String, String> environment;
  private final PrintStream out;
  private long begunNanos;
  private long lineNanos;
  private long most;

  IndexCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  @Override
  public void run() {
    PgSettings database = PgSettings.of(RunningServers.databaseUrl(environment), 2);
    begunNanos = System.nanoTime();
    lineNanos = begunNanos;
    try (SearchRebuild rebuild = new SearchRebuild(database)) {
      rebuild.run(project == null ? null : new ProjectId(project), this::tell);
      out.printf(Locale.ROOT, "Done in %.1f s%n", (System.nanoTime() - begunNanos) / 1e9);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(long waiting) {
    long now = System.nanoTime();
    most = Math.max(most, waiting);
    if (now - lineNanos >= LINE_NANOS) {
      lineNanos = now;
      double rate = (most - waiting) / ((now - begunNanos) / 1e9);
      out.printf(Locale.ROOT, "  %,d of %,d runs wait, %,.0f/s%n", waiting, most, rate);
    }
  }
}
