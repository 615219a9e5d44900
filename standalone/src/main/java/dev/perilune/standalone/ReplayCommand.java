package dev.perilune.standalone;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import dev.perilune.processor.EventReplay;
import dev.perilune.processor.ProcessorSettings;
import dev.perilune.runtime.config.Env;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has stored events read again, for instance after a fix. What was right stays as it is. */
@Command(
    name = "replay",
    description = {
      "Read events again that were stored before, beside running processors.",
      "Without --to and --project the processors do it: their offsets are set back.",
      "With one of them this command reads and stores those events itself."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Runnable {

  @Option(
      names = "--from",
      required = true,
      description = "When the gateway took the first: 2026-03-01T12:00:00Z, 2026-03-01, 90m (ago).")
  private String from = "";

  @Option(names = "--to", description = "When it took the first that is not read again.")
  private @Nullable String to;

  @Option(names = "--project", description = "Only events of this project (its id).")
  private @Nullable String project;

  private final Map<String, String> environment;
  private final PrintStream out;

  ReplayCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  @Override
  public void run() {
    Instant now = Instant.now();
    Instant first = ReplayTime.parse("--from", from, now);
    Instant end = to == null ? null : ReplayTime.parse("--to", to, now);
    ProjectId only = project == null ? null : projectId(project);
    try (EventReplay replay = new EventReplay(settings())) {
      if (end == null && only == null) {
        replay.rewind(first, progress("Is a processor running? The events wait for one."));
      } else {
        replay.reread(first, end, only, progress("Does the broker answer?"));
      }
    } catch (TimeoutException e) {
      throw new StartRefused("The brokers or the database do not answer: " + e.getMessage());
    } catch (ExecutionException e) {
      throw new StartRefused("The brokers refuse: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ProcessorSettings settings() {
    Env given = new Env(environment);
    Env env = new Env(RunningServers.complete(environment, StandaloneSettings.dataDir(given)));
    ProcessorSettings settings = ProcessorSettings.from(env);
    env.check();
    return settings;
  }

  private ReplayProgress progress(String stallAdvice) {
    return new ReplayProgress(out, System::nanoTime, stallAdvice);
  }

  private static ProjectId projectId(String text) {
    UUID id = RunIds.parseUuid(text);
    if (id == null) {
      throw new StartRefused("--project must be the id of a project (a UUID), was " + text);
    }
    return new ProjectId(id);
  }
}
