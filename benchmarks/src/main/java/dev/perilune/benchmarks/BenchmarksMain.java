package dev.perilune.benchmarks;

import dev.perilune.benchmarks.bench.BenchCommand;
import dev.perilune.benchmarks.generate.GenerateCommand;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.standalone.StartRefused;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of this module; {@code ./perilune} hands its commands over to it. */
@Command(name = "perilune", mixinStandardHelpOptions = true)
public final class BenchmarksMain implements Runnable {

  private BenchmarksMain() {}

  /** Ends the process with status 1 when the command fails, 2 when it is misspelt. */
  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    int status =
        new CommandLine(new BenchmarksMain())
            .addSubcommand(new GenerateCommand(environment, System.out))
            .addSubcommand(new BenchCommand(System.out))
            .setExecutionExceptionHandler(BenchmarksMain::explain)
            .execute(arguments);
    System.exit(status);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  private static int explain(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    if (failure instanceof StartRefused || failure instanceof InvalidSettings) {
      commandLine.getErr().println(failure.getMessage());
      return commandLine.getCommandSpec().exitCodeOnExecutionException();
    }
    throw failure;
  }
}
