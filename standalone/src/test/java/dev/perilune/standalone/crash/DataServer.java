package dev.perilune.standalone.crash;

import dev.perilune.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The broker or the database: a child process that can be stopped, killed and started again. */
final class DataServer implements AutoCloseable {
  private final String kind;
  private final Path dir;
  private final Path logs;
  private final int port;
  private Child child;
  private String address;
  private int starts;

  private DataServer(String kind, Path dir, Path logs, int port) throws Exception {
    this.kind = kind;
    this.dir = dir;
    this.logs = logs;
    this.port = port;
    this.child = child();
    this.address = child.address();
  }

  static DataServer kafka(Path dir, Path logs, int port) throws Exception {
    return new DataServer("kafka", dir.resolve("kafka"), logs, port);
  }

  static DataServer postgres(Path dir, Path logs, int port) throws Exception {
    return new DataServer("postgres", dir.resolve("postgres"), logs, port);
  }

  /** Where clients find it; stays. */
  String address() {
    return address;
  }

  void stop() throws IOException, InterruptedException {
    child.endInput();
  }

  /** Kills the process and, for a database, the server with all of its processes. */
  void kill() throws Exception {
    List<ProcessHandle> server = postmasterTree();
    child.kill();
    server.forEach(ProcessHandle::destroyForcibly);
    // a dead process without a parent that looks after it stays listed, but without a command
    Eventually.holds(
        "the server is gone",
        () ->
            server.stream().noneMatch(gone -> gone.isAlive() && gone.info().command().isPresent()));
  }

  void start() throws Exception {
    child = child();
    address = child.address();
  }

  private List<ProcessHandle> postmasterTree() throws IOException {
    Path pidFile = dir.resolve("data").resolve("postmaster.pid");
    List<ProcessHandle> tree = new ArrayList<>();
    if (Files.exists(pidFile)) {
      long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
      ProcessHandle.of(pid)
          .ifPresent(
              postmaster -> {
                tree.add(postmaster);
                postmaster.descendants().forEach(tree::add);
              });
    }
    return tree;
  }

  private Child child() throws IOException {
    starts++;
    return Child.start(
        logs.resolve(kind + "-" + starts + ".log"),
        Map.of(),
        ServerMain.class,
        kind,
        dir.toString(),
        Integer.toString(port));
  }

  /** Stops it, so that no database is left behind. */
  @Override
  public void close() {
    try {
      if (child.isAlive()) {
        stop();
      }
    } catch (IOException e) {
      child.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      child.close();
    }
  }
}
