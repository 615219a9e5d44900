package dev.perilune.standalone;

import dev.perilune.testkit.PeriluneTester;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Standalone in a process of its own, started as the launcher starts it. */
final class ChildStandalone implements AutoCloseable {
  private final Process process;
  private final CompletableFuture<String> url = new CompletableFuture<>();
  private final StringBuffer output = new StringBuffer();
  private final Path dataDir;

  private ChildStandalone(Process process, Path dataDir) {
    this.process = process;
    this.dataDir = dataDir;
    Thread reader = new Thread(this::read, "child-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it without waiting; any free port unless a variable says otherwise. */
  static ChildStandalone start(Path dataDir, Map<String, String> variables) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StandaloneMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = new HashMap<>();
    environment.put("PERILUNE_DATA_DIR", dataDir.toString());
    environment.put("PERILUNE_PORT", "0");
    environment.putAll(variables);
    builder.environment().putAll(environment);
    return new ChildStandalone(builder.start(), dataDir);
  }

  static ChildStandalone start(Path dataDir) throws IOException {
    return start(dataDir, Map.of());
  }

  /** Waits until it says that it is ready, and returns a client with its keys. */
  PeriluneTester tester() throws Exception {
    String address = url.get(120, TimeUnit.SECONDS);
    FirstKeys keys = FirstKeys.read(dataDir);
    return new PeriluneTester(address, keys.projectId().toString(), keys.privateKey().toString());
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to stop, as Ctrl-C does, and returns how long that took. */
  Duration terminate() throws InterruptedException {
    long begun = System.nanoTime();
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("Still running after 30 s: " + output);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Waits for its own end and returns the exit status. */
  int exitStatus() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("Still running after 60 s: " + output);
    }
    return process.exitValue();
  }

  String output() {
    return output.toString();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        if (line.strip().startsWith("URL ")) {
          url.complete(line.strip().substring(4).strip());
        }
      }
      url.completeExceptionally(new AssertionError("Ended without being ready: " + output));
    } catch (IOException e) {
      url.completeExceptionally(e);
    }
  }

  /** Stops it in order, so that no database is left behind; kills it if that fails. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
