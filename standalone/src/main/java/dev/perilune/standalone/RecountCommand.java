package dev.perilune.standalone;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import dev.perilune.processor.Recount;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.PgSettings;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Holds the figures behind charts against the runs that they are of, and mends them. */
@Command(
    name = "recount",
    description = {
      "Count all runs again and mend the figures that charts read, beside running services.",
      "With --verify nothing is changed; status 1 and the first differences if there are any."
    },
    mixinStandardHelpOptions = true)
final class RecountCommand implements Callable<Integer> {

  @Option(names = "--project", description = "Only this project (its id).")
  private @Nullable String project;

  @Option(names = "--verify", description = "Only compare.")
  private boolean verify;

  private final Map<String, String> environment;
  private final PrintStream out;

  RecountCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  @Override
  public Integer call() {
    ProjectId only = project == null ? null : projectId(project);
    RecountProgress progress = new RecountProgress(out, System::nanoTime);
    try (Recount recount = new Recount(settings())) {
      int projects = verify ? recount.verify(only, progress) : recount.mend(only, progress);
      if (only != null && projects == 0) {
        throw new StartRefused("There is no project " + only + ".");
      }
    } catch (StoreAway e) {
      throw new StartRefused(e.getMessage());
    }
    progress.end(verify);
    return verify && progress.isOff() ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private PgSettings settings() {
    Map<String, String> completed = new HashMap<>(environment);
    completed.put("DATABASE_URL", RunningServers.databaseUrl(environment));
    Env env = new Env(completed);
    PgSettings settings = PgSettings.from(env);
    env.check();
    return settings;
  }

  private static ProjectId projectId(String text) {
    UUID id = RunIds.parseUuid(text);
    if (id == null) {
      throw new StartRefused("--project must be the id of a project (a UUID), was " + text);
    }
    return new ProjectId(id);
  }
}
