package dev.perilune.benchmarks.bench;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.standalone.StandaloneMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A broker, a database and services, each a process of its own, in a folder that is deleted
 * afterwards unless it is to be kept.
 */
final class Lab implements AutoCloseable {
  static final UUID PROJECT = UUID.fromString("6f9f3a10-5d5e-4a5b-9c7e-2f1d3c4b5a60");
  static final UUID PRIVATE_KEY = UUID.fromString("6f9f3a10-5d5e-4a5b-9c7e-2f1d3c4b5a61");
  private static final UUID ORG_KEY = UUID.fromString("6f9f3a10-5d5e-4a5b-9c7e-2f1d3c4b5a62");

  /** The gateway's are those that it is started with; the others live on a small machine here. */
  private static final Map<String, List<String>> JVM =
      Map.of(
          "gateway",
          List.of(
              "-XX:+UseSerialGC",
              "-Xms64m",
              "-Xmx640m",
              "-Xmn48m",
              "-XX:MinHeapFreeRatio=10",
              "-XX:MaxHeapFreeRatio=30"),
          "processor",
          List.of("-XX:+UseG1GC", "-Xmx512m"),
          "query",
          List.of("-XX:+UseG1GC", "-Xmx512m"),
          "standalone",
          List.of("-XX:+UseG1GC", "-Xmx1g"));

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Path dir;
  private final boolean isKept;
  private final Options options;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<String, String> environment = new HashMap<>();
  private int starts;

  /**
   * How processes are started.
   *
   * @param partitions of the events topic
   * @param profile whether services record a profile (JFR) into {@code out}
   * @param out where profiles and logs go
   */
  record Options(int partitions, boolean profile, Path out) {}

  /** A service and where it listens. */
  record Service(Child process, String url) {}

  private Lab(Path dir, boolean isKept, Options options) {
    this.dir = dir;
    this.isKept = isKept;
    this.options = options;
    environment.put("PERILUNE_HOST", "127.0.0.1");
    environment.put("PERILUNE_DATA_DIR", dir.toString());
    environment.put("PERILUNE_PROJECT_ID", PROJECT.toString());
    environment.put("PERILUNE_PRIVATE_KEY", PRIVATE_KEY.toString());
    environment.put("PERILUNE_ORG_KEY", ORG_KEY.toString());
    environment.put("PERILUNE_RATE_LIMIT", "0");
    environment.put("PERILUNE_TOPIC_PARTITIONS", Integer.toString(options.partitions()));
  }

  /** Nothing runs in it yet. */
  static Lab empty(Options options) throws IOException {
    Files.createDirectories(options.out());
    return new Lab(Files.createTempDirectory("perilune-bench"), false, options);
  }

  /** With a broker and a migrated database. */
  static Lab withServers(Options options) throws IOException, InterruptedException {
    return withServers(empty(options));
  }

  /** The same in a folder that stays; what an earlier one stored is still there. */
  static Lab withServers(Options options, Path kept) throws IOException, InterruptedException {
    Files.createDirectories(options.out());
    return withServers(new Lab(Files.createDirectories(kept), true, options));
  }

  private static Lab withServers(Lab lab) throws IOException, InterruptedException {
    Child servers =
        lab.child("servers", List.of(), ServersMain.class.getName(), List.of(lab.dir.toString()));
    String[] addresses = servers.awaitReady(START_LIMIT).split(" ");
    lab.environment.put("KAFKA_BOOTSTRAP_SERVERS", addresses[0]);
    lab.environment.put("DATABASE_URL", addresses[1]);
    lab.run("migrate");
    return lab;
  }

  /** Starts {@code gateway}, {@code processor}, {@code query} or {@code standalone}. */
  Service start(String command) throws IOException, InterruptedException {
    int port = freePort();
    environment.put("PERILUNE_PORT", Integer.toString(port));
    Child child = child(command, jvm(command), StandaloneMain.class.getName(), List.of(command));
    Service service = new Service(child, "http://127.0.0.1:" + port);
    Wait.until(
        command + " is ready",
        START_LIMIT,
        () -> {
          child.requireAlive();
          return isReady(service.url()) ? Optional.of(true) : Optional.empty();
        });
    return service;
  }

  /** Runs a command of {@code ./perilune} to its end and gives back what it printed. */
  String run(String... arguments) throws IOException, InterruptedException {
    return run(StandaloneMain.class.getName(), Duration.ofMinutes(40), List.of(arguments));
  }

  /** The same, beside what is done until its output is awaited. */
  Child begin(String... arguments) throws IOException {
    return child(arguments[0], List.of(), StandaloneMain.class.getName(), List.of(arguments));
  }

  String run(String main, Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    Child child = child(arguments.get(0), List.of(), main, arguments);
    String output = child.awaitOutput(limit);
    parts.remove(child);
    return output;
  }

  /** Stops one of the services before the others. */
  void stop(Service service) {
    service.process().close();
    parts.remove(service.process());
  }

  String kafka() {
    return environment.get("KAFKA_BOOTSTRAP_SERVERS");
  }

  PgSettings database(int connections) {
    return PgSettings.of(environment.get("DATABASE_URL"), connections);
  }

  Connection connect() throws SQLException {
    PgSettings settings = database(1);
    return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Child child(String name, List<String> jvm, String main, List<String> arguments)
      throws IOException {
    Path logs = Files.createDirectories(options.out().resolve("logs"));
    Path output = logs.resolve(++starts + "-" + name + ".log");
    Child child = Child.java(output, environment, jvm, main, arguments);
    parts.push(child);
    return child;
  }

  private List<String> jvm(String command) {
    List<String> jvm = new ArrayList<>(JVM.get(command));
    if (options.profile()) {
      Path recording = options.out().resolve(command + "-" + (starts + 1) + ".jfr");
      jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
    }
    return jvm;
  }

  private static boolean isReady(String url) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/v1/ready"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.err.println("Cannot stop a process: " + e);
      }
    }
    if (isKept) {
      return;
    }
    try (Stream<Path> files = Files.walk(dir)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      System.err.println("Cannot delete " + dir + ": " + e);
    }
  }
}
