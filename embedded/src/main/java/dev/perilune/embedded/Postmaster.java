package dev.perilune.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The process that a data folder's {@code postmaster.pid} names.
 *
 * @param process the process with that id, alive when looked at
 * @param role what it is; process ids are used again
 */
record Postmaster(ProcessHandle process, Role role) {

  /** What a process is to a data folder. */
  enum Role {
    /** The server of this folder. */
    SERVER,
    /** Certainly something else: another program, another folder's server, or a dead process. */
    ANOTHER,
    /** The system does not tell, so it has to be taken for the server. */
    UNKNOWN
  }

  /** The process named in the folder, or empty when none is named or that one is gone. */
  static Optional<Postmaster> of(Path dataDir) {
    Path file = pidFile(dataDir);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(0).strip());
      Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
      if (process.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(new Postmaster(process.get(), roleOf(process.get(), dataDir)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e, e);
    }
  }

  static Path pidFile(Path dataDir) {
    return dataDir.resolve("postmaster.pid");
  }

  private static Role roleOf(ProcessHandle process, Path dataDir) throws IOException {
    Optional<String> command = process.info().command();
    if (command.isEmpty()) {
      return isDefunct(process) ? Role.ANOTHER : Role.UNKNOWN;
    }
    if (!Path.of(command.get()).endsWith("postgres")) {
      return Role.ANOTHER;
    }
    // A server works in its data folder; the path it was started with may have been renamed since.
    Path workingDir = Path.of("/proc", Long.toString(process.pid()), "cwd");
    if (Files.exists(workingDir)) {
      return Files.isSameFile(workingDir, dataDir) ? Role.SERVER : Role.ANOTHER;
    }
    return process.info().arguments().map(Arrays::asList).orElse(List.of()).stream()
            .anyMatch(dataDir.toString()::equals)
        ? Role.SERVER
        : Role.UNKNOWN;
  }

  /** Whether the process has ended and only waits for its parent to notice. */
  private static boolean isDefunct(ProcessHandle process) throws IOException {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    if (!Files.exists(stat)) {
      return false;
    }
    // pid (command) state ...; the command may hold anything, so the last parenthesis counts.
    String line = Files.readString(stat);
    return line.startsWith(") Z", line.lastIndexOf(')'));
  }
}
