package dev.perilune.standalone.crash;

import dev.perilune.standalone.StandaloneMain;
import dev.perilune.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A gateway, processor or query API as the command line starts it. */
final class Service implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration READY_LIMIT = Duration.ofMinutes(3);

  private final String command;
  private final String name;
  private final int port;
  private final Path logs;
  private final Map<String, String> environment;
  private Child child;
  private int starts;

  private Service(String command, String name, int port, Path logs, Map<String, String> environment)
      throws IOException {
    this.command = command;
    this.name = name;
    this.port = port;
    this.logs = logs;
    this.environment = new HashMap<>(environment);
    this.environment.put("PERILUNE_HOST", "127.0.0.1");
    this.environment.put("PERILUNE_PORT", Integer.toString(port));
    this.child = child();
  }

  /** Starts it without waiting. */
  static Service start(
      String command, String name, int port, Path logs, Map<String, String> environment)
      throws IOException {
    return new Service(command, name, port, logs, environment);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  void awaitReady() throws Exception {
    Eventually.get(
        name + " is ready", READY_LIMIT, () -> isReady() ? Optional.of(true) : Optional.empty());
  }

  private boolean isReady() throws InterruptedException {
    if (!child.isAlive()) {
      throw new AssertionError("Ended by itself: " + name + ", see " + logs);
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/v1/ready")).timeout(ANSWER_LIMIT).build();
    try {
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** {@code kill -9}, then a new start without waiting. */
  void killAndStart() throws IOException, InterruptedException {
    kill();
    child = child();
  }

  void kill() throws InterruptedException {
    if (!child.isAlive()) {
      throw new AssertionError("Ended by itself: " + name + ", see " + logs);
    }
    child.kill();
  }

  void terminate() throws InterruptedException {
    child.terminate();
  }

  private Child child() throws IOException {
    starts++;
    Path output = logs.resolve(name + "-" + starts + ".log");
    return Child.start(output, environment, StandaloneMain.class, command);
  }

  @Override
  public void close() {
    child.close();
  }
}
