package dev.perilune.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PostgreSQL server as a child of this process, reachable on 127.0.0.1 only and by password.
 *
 * <p>The folder keeps the programs, the data, the password and the server's log. When this process
 * is killed the server lives on; the next start on the folder stops it and goes on with its data.
 * Starting takes 1 to 5 seconds.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  /** The release whose data folders this server reads. */
  static final String MAJOR_VERSION = "18";

  static final String USER = "perilune";
  static final String DATABASE = "perilune";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final long LOG_LIMIT_BYTES = 10 << 20;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final DirectoryLock lock;
  private final PostgresCommand command;
  private final Path dir;
  private final Path dataDir;
  private final int port;
  private final String password;

  private EmbeddedPostgres(DirectoryLock lock, Path dir, int wantedPort) {
    this.lock = lock;
    this.dir = dir;
    this.dataDir = dir.resolve("data");
    Path programs = PostgresBinaries.unpackedIn(dir);
    this.command = new PostgresCommand(programs, dir.resolve("command.log"));
    takeOver();
    this.port = LoopbackPort.choose(wantedPort);
    this.password = password();
  }

  /**
   * Starts the server and returns when its database can be used.
   *
   * @param dir where programs and data live; made when new
   * @param port the port on 127.0.0.1, or 0 for a free one
   * @param durable whether a commit is on the disk when it returns; false is for tests
   * @throws DirectoryInUse when a running process has the folder
   * @throws PortInUse when something listens on the port
   */
  public static EmbeddedPostgres start(Path dir, int port, boolean durable) {
    DirectoryLock lock = DirectoryLock.take(dir);
    try {
      EmbeddedPostgres postgres = new EmbeddedPostgres(lock, realPath(dir), port);
      postgres.initialiseWhenNew();
      postgres.startServer(durable);
      return postgres;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** {@code postgres://user:password@127.0.0.1:port/perilune}, for a database that exists. */
  public String databaseUrl() {
    return "postgres://%s:%s@127.0.0.1:%d/%s".formatted(USER, password, port, DATABASE);
  }

  private static Path realPath(Path dir) {
    try {
      return dir.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void takeOver() {
    Optional<Postmaster> left = Postmaster.of(dataDir);
    if (left.isEmpty()) {
      return;
    }
    long pid = left.get().process().pid();
    switch (left.get().role()) {
      case SERVER -> {
        log.info("Stopping database process {} that an earlier run left behind", pid);
        stopServer();
      }
      case ANOTHER -> {
        // PostgreSQL would take the process for a server, since it only looks at the id.
        log.info("Process {} is not the server of {}, removing its pid file", pid, dataDir);
        deletePidFile();
      }
      case UNKNOWN ->
          throw new EmbeddedFailure(
              "Process %d may be the database server of %s, but does not show it. Stop it, or delete %s when it is something else."
                  .formatted(pid, dataDir, Postmaster.pidFile(dataDir)));
    }
  }

  private void deletePidFile() {
    try {
      Files.delete(Postmaster.pidFile(dataDir));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String password() {
    Path file = dir.resolve("password");
    try {
      if (!Files.exists(file)) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        Path unfinished = dir.resolve("password.unfinished");
        Files.deleteIfExists(unfinished);
        Files.createFile(
            unfinished,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, HexFormat.of().formatHex(random));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read or write " + file + ": " + e, e);
    }
  }

  private void initialiseWhenNew() {
    try {
      if (Files.isDirectory(dataDir)) {
        checkVersion(Files.readString(dataDir.resolve("PG_VERSION")).strip());
        return;
      }
      // Renamed when complete, so an interrupted first start leaves no half of a database behind.
      Path unfinished = dir.resolve("data.unfinished");
      PostgresBinaries.deleteTree(unfinished);
      initdb(unfinished);
      Files.move(unfinished, dataDir, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare database folder " + dataDir + ": " + e, e);
    }
  }

  private void checkVersion(String version) {
    if (!version.equals(MAJOR_VERSION)) {
      throw new EmbeddedFailure(
          "%s was written by PostgreSQL %s, this is PostgreSQL %s. Dump it with the old version, or choose another folder."
              .formatted(dataDir, version, MAJOR_VERSION));
    }
  }

  private void initdb(Path target) {
    List<String> arguments =
        List.of(
            "--pgdata=" + target,
            "--username=" + USER,
            "--pwfile=" + dir.resolve("password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            // The same order and letter case on every operating system, for all of Unicode.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions");
    if (command.run(START_LIMIT, "initdb", arguments) != 0) {
      throw new EmbeddedFailure("PostgreSQL cannot make its data folder: " + command.lastOutput());
    }
  }

  /** Keeps one old log, so that years of restarts do not fill the disk. */
  private Path serverLog() {
    Path current = dir.resolve("server.log");
    try {
      if (Files.exists(current) && Files.size(current) > LOG_LIMIT_BYTES) {
        Files.move(current, dir.resolve("server.old.log"), StandardCopyOption.REPLACE_EXISTING);
      }
      return current;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot move " + current + ": " + e, e);
    }
  }

  private void startServer(boolean durable) {
    Path serverLog = serverLog();
    List<String> arguments =
        List.of(
            "start",
            "--wait",
            "--silent",
            "--timeout=" + START_LIMIT.toSeconds(),
            "--pgdata=" + dataDir,
            "--log=" + serverLog,
            "--options=" + PostgresSettings.commandLine(port, durable));
    // pg_ctl gives the server its own session, so Ctrl-C at the terminal reaches only this process.
    if (command.run(START_LIMIT.plusSeconds(5), "pg_ctl", arguments) != 0) {
      throw new EmbeddedFailure("PostgreSQL does not start, see " + serverLog);
    }
    try {
      ServerCheck check = new ServerCheck(port, password);
      check.requireDurability(durable);
      check.createDatabaseWhenMissing();
    } catch (RuntimeException e) {
      stopServer();
      throw e;
    }
  }

  /** Disconnects everybody and stops the server, first in order, after three seconds at once. */
  @Override
  public void close() {
    try {
      stopServer();
    } finally {
      lock.close();
    }
  }

  private void stopServer() {
    if (Postmaster.of(dataDir).isEmpty()) {
      return;
    }
    if (pgCtlStop("fast", STOP_LIMIT) != 0) {
      // Leaves work to the recovery at the next start, and loses nothing that was committed.
      log.warn("Database has not stopped in {} s, stopping it at once", STOP_LIMIT.toSeconds());
      pgCtlStop("immediate", KILL_LIMIT);
    }
  }

  private int pgCtlStop(String mode, Duration limit) {
    return command.run(
        limit.plusSeconds(5),
        "pg_ctl",
        List.of(
            "stop",
            "--wait",
            "--silent",
            "--mode=" + mode,
            "--timeout=" + limit.toSeconds(),
            "--pgdata=" + dataDir));
  }
}
