package dev.perilune.standalone;

import dev.perilune.embedded.EmbeddedFailure;
import dev.perilune.ingest.IngestMain;
import dev.perilune.processor.ProcessorMain;
import dev.perilune.query.QueryMain;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.standalone.demo.DemoCommand;
import dev.perilune.standalone.load.LoadCommand;
import dev.perilune.standalone.remote.RemoteFailure;
import dev.perilune.standalone.remote.RemoteOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The command line: {@code perilune} and one of the commands that its help lists; none is {@code
 * standalone}.
 */
@Command(
    name = "perilune",
    description = "Observability backend for LLM applications.",
    mixinStandardHelpOptions = true,
    versionProvider = StandaloneMain.Version.class,
    footer = {"", "Settings are environment variables; README.md lists them."})
public final class StandaloneMain implements Runnable {

  private StandaloneMain() {}

  /** Ends the process with status 1 when the command fails, 2 when it is misspelt. */
  public static void main(String[] arguments) {
    int status = commandLine().execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  static CommandLine commandLine() {
    Map<String, String> environment = System.getenv();
    return new CommandLine(new StandaloneMain())
        .addSubcommand(new DemoCommand(remote(environment), System.out))
        .addSubcommand(new LoadCommand(remote(environment), System.out))
        .addSubcommand(new IndexCommand(environment, System.out))
        .addSubcommand(new ProjectCommand(environment, System.out))
        .addSubcommand(new ReplayCommand(environment, System.out))
        .addSubcommand(new RecountCommand(environment, System.out))
        .setExecutionExceptionHandler(StandaloneMain::explain);
  }

  private static RemoteOptions remote(Map<String, String> environment) {
    return new RemoteOptions(environment, () -> keptPrivateKey(environment));
  }

  private static @Nullable UUID keptPrivateKey(Map<String, String> environment) {
    FirstKeys keys = FirstKeys.read(StandaloneSettings.dataDir(new Env(environment)));
    return keys == null ? null : keys.privateKey();
  }

  @Override
  public void run() {
    standalone();
  }

  @Command(
      name = "standalone",
      description = "Run everything in this process, on one port (the default).",
      mixinStandardHelpOptions = true)
  void standalone() {
    Instant begun = Instant.now();
    ShutdownSteps steps = new ShutdownSteps();
    Runtime.getRuntime().addShutdownHook(new Thread(steps::close, "shutdown"));
    Standalone started = steps.whileStarting(() -> Standalone.start(System.getenv(), steps));
    Instant now = Instant.now();
    System.out.println(Welcome.text(started, Duration.between(begun, now), now));
  }

  @Command(
      name = "gateway",
      description = "Run the ingest gateway: HTTP in, Kafka out.",
      mixinStandardHelpOptions = true)
  void gateway() {
    IngestMain.main(new String[0]);
  }

  @Command(
      name = "processor",
      description = "Run one run processor: Kafka in, Postgres out.",
      mixinStandardHelpOptions = true)
  void processor() {
    ProcessorMain.main(new String[0]);
  }

  @Command(
      name = "query",
      description = "Run the query API: Postgres in, HTTP out.",
      mixinStandardHelpOptions = true)
  void query() {
    QueryMain.main(new String[0]);
  }

  @Command(
      name = "migrate",
      description = "Bring the database schema up to date; make the first project if keys are set.",
      mixinStandardHelpOptions = true)
  void migrate() {
    System.out.println(Migrate.run(Env.ofProcess()));
  }

  static int explain(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof StartRefused
        || failure instanceof InvalidSettings
        || failure instanceof EmbeddedFailure
        || failure instanceof RemoteFailure) {
      commandLine.getErr().println(failure.getMessage());
      return commandLine.getCommandSpec().exitCodeOnExecutionException();
    }
    throw failure;
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = StandaloneMain.class.getPackage().getImplementationVersion();
      return new String[] {"perilune " + (version == null ? "development" : version)};
    }
  }
}
