package dev.perilune.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Both servers in a child process, so that a test can kill the process that owns them. */
record ChildServers(Process process, String bootstrapServers, String databaseUrl)
    implements AutoCloseable {

  static ChildServers start(Path dir) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ChildServers.class.getName(),
                    dir.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("ready ")) {
        String[] words = line.split(" ");
        return new ChildServers(process, words[1], words[2]);
      }
    }
    throw new IOException("The child process ended without starting its servers");
  }

  /** Kills the process as {@code kill -9} does and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws IOException {
    Path dir = Path.of(arguments[0]);
    EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0);
    EmbeddedPostgres postgres = EmbeddedPostgres.start(dir.resolve("postgres"), 0, true);
    System.out.println("ready " + kafka.bootstrapServers() + " " + postgres.databaseUrl());
    int unused = System.in.read();
  }
}
