package dev.perilune.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the server's own programs ({@code initdb}, {@code pg_ctl}), also for the root user. */
final class PostgresCommand {
  private final Path bin;
  private final Path outputFile;
  private final List<String> prefix;

  /**
   * @param home folder of the programs
   * @param outputFile where what a program says is kept; overwritten by each run
   */
  PostgresCommand(Path home, Path outputFile) {
    this.bin = home.resolve("bin");
    this.outputFile = outputFile;
    this.prefix = prefixForThisUser();
  }

  /**
   * Runs a program to its end and returns its exit code.
   *
   * @throws EmbeddedFailure when it has not ended in time; it is killed then
   */
  int run(Duration limit, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(bin.resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    builder.redirectErrorStream(true).redirectOutput(outputFile.toFile());
    try {
      return waitFor(builder.start(), limit, program);
    } catch (IOException e) {
      throw new EmbeddedFailure("Cannot run " + bin.resolve(program) + ": " + e, e);
    }
  }

  /** What the program that ran last wrote. */
  String lastOutput() {
    try {
      return Files.exists(outputFile) ? Files.readString(outputFile).strip() : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int waitFor(Process process, Duration limit, String program) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new EmbeddedFailure(program + " has not ended after " + limit.toSeconds() + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new EmbeddedFailure("Interrupted while waiting for " + program, e);
    }
  }

  /** PostgreSQL refuses to run as root; inside an own user namespace it does not see that it is. */
  private static List<String> prefixForThisUser() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    List<String> unshare = List.of("unshare", "--user");
    List<String> probe = new ArrayList<>(unshare);
    probe.add("true");
    try {
      Process process =
          new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (waitFor(process, Duration.ofSeconds(10), "unshare") == 0) {
        return unshare;
      }
    } catch (IOException e) {
      throw rootRefused(e);
    }
    throw rootRefused(null);
  }

  private static EmbeddedFailure rootRefused(@Nullable Throwable cause) {
    return new EmbeddedFailure(
        "PostgreSQL does not run as root, and this system does not let root make a user namespace"
            + " (command unshare). Start Perilune as another user, or set DATABASE_URL.",
        cause);
  }
}
