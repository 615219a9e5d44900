package dev.perilune.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The server process that a data folder's {@code postmaster.pid} names.
 *
 * @param process the process with that id, alive when looked at
 * @param isServerOfFolder whether it really serves this folder; process ids are used again
 */
record Postmaster(ProcessHandle process, boolean isServerOfFolder) {

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
      return Optional.of(new Postmaster(process.get(), serves(process.get(), dataDir)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e, e);
    }
  }

  static Path pidFile(Path dataDir) {
    return dataDir.resolve("postmaster.pid");
  }

  private static boolean serves(ProcessHandle process, Path dataDir) throws IOException {
    ProcessHandle.Info info = process.info();
    if (!info.command().map(command -> Path.of(command).endsWith("postgres")).orElse(false)) {
      return false;
    }
    // A server works in its data folder; the path it was started with may have been renamed since.
    Path workingDir = Path.of("/proc", Long.toString(process.pid()), "cwd");
    return Files.exists(workingDir)
        ? Files.isSameFile(workingDir, dataDir)
        : info.arguments()
            .map(arguments -> Arrays.asList(arguments).contains(dataDir.toString()))
            .orElse(false);
  }
}
