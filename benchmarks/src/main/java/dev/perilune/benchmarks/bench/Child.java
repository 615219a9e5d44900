package dev.perilune.benchmarks.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process of the measurement, whose output goes to a file. */
final class Child implements AutoCloseable {
  static final String READY = "ready ";

  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final long KIB = 1024;

  private final Process process;
  private final Path output;

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts a class of our own class path in a JVM of its own. */
  static Child java(
      Path output,
      Map<String, String> environment,
      List<String> jvmOptions,
      String main,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new Child(builder.start(), output);
  }

  /** What the process says behind {@link #READY}, once it has said so. */
  String awaitReady(Duration limit) throws IOException, InterruptedException {
    return Wait.until(
        output + " is ready",
        limit,
        () -> {
          requireAlive();
          return lines().stream()
              .filter(line -> line.startsWith(READY))
              .map(line -> line.substring(READY.length()))
              .findFirst();
        });
  }

  /** All that it has said, after it ended well. */
  String awaitOutput(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("Not done within " + limit + ", see " + output);
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("Ended by itself, see " + output);
    }
  }

  /** Memory that it holds now, in bytes; 0 where the system does not tell. */
  long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    Optional<String> line =
        Files.readAllLines(status).stream().filter(text -> text.startsWith("VmRSS:")).findFirst();
    return line.map(text -> Long.parseLong(text.replaceAll("\\D+", "")) * KIB).orElse(0L);
  }

  private List<String> lines() throws IOException {
    return Files.exists(output) ? Files.readAllLines(output) : List.of();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
