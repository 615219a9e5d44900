package dev.perilune.standalone.crash;

import dev.perilune.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A Java process with the tests' class path, whose output goes to a file. */
final class Child implements AutoCloseable {
  static final String READY = "ready ";

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

  private final Process process;
  private final Path output;

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Child start(
      Path output, Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // many starts on few cores: a quick start matters more than the last bit of speed
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx320m"));
    command.add("-Dlogback.configurationFile=logback.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()));
    builder.environment().putAll(environment);
    return new Child(builder.start(), output);
  }

  /** What a {@link ServerMain} says once it can be used. */
  String address() throws Exception {
    return Eventually.get(
        output + " tells its address",
        START_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("Ended early, see " + output);
          }
          return readyLine();
        });
  }

  private Optional<String> readyLine() {
    try {
      return Files.readAllLines(output).stream()
          .filter(line -> line.startsWith(READY))
          .map(line -> line.substring(READY.length()))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its own end. */
  void awaitSuccess() throws InterruptedException {
    if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("Has not ended well, see " + output);
    }
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks a service to stop, as an orchestrator does. */
  void terminate() throws InterruptedException {
    process.destroy();
    awaitEnd();
  }

  /** Asks a {@link ServerMain} to stop. */
  void endInput() throws IOException, InterruptedException {
    process.getOutputStream().close();
    awaitEnd();
  }

  private void awaitEnd() throws InterruptedException {
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Does not stop, see " + output);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
