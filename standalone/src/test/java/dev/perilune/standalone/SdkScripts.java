package dev.perilune.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The scripts of {@code src/test/sdk} with the SDKs that their lockfile pins, installed below
 * {@code target} and kept there until the lockfile changes.
 */
final class SdkScripts {
  private static final Path SOURCES = Path.of("src", "test", "sdk");
  private static final Path FOLDER = Path.of("target", "sdk").toAbsolutePath();
  private static final String LOCKFILE = "package-lock.json";
  private static final long NODE_LIMIT_SECONDS = 30;
  private static final long INSTALL_LIMIT_SECONDS = 300;
  private static final long RUN_LIMIT_SECONDS = 90;

  private final Map<String, String> environment;

  /** Scripts that run with these variables besides the process's own. */
  SdkScripts(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Installs what is missing. */
  static void install() {
    SdkScripts scripts = new SdkScripts(Map.of());
    scripts.run(NODE_LIMIT_SECONDS, "node", "--version");
    try {
      Files.createDirectories(FOLDER);
      boolean installed = isInstalled();
      copy();
      if (!installed) {
        scripts.run(INSTALL_LIMIT_SECONDS, "npm", "ci", "--no-audit", "--no-fund");
        Files.copy(FOLDER.resolve(LOCKFILE), installedMark(), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a script to its end and returns the JSON of its last line. */
  JsonNode run(String script) {
    List<String> lines = run(RUN_LIMIT_SECONDS, "node", script).lines().toList();
    try {
      return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    } catch (IOException e) {
      throw new AssertionError(script + " printed no ids but " + lines, e);
    }
  }

  private static boolean isInstalled() throws IOException {
    return Files.exists(installedMark())
        && Arrays.equals(
            Files.readAllBytes(installedMark()), Files.readAllBytes(SOURCES.resolve(LOCKFILE)));
  }

  private static Path installedMark() {
    return FOLDER.resolve("node_modules").resolve(".installed-lockfile");
  }

  private static void copy() throws IOException {
    try (var files = Files.newDirectoryStream(SOURCES, "*.{mjs,json}")) {
      for (Path file : files) {
        Path copy = FOLDER.resolve(file.getFileName().toString());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private String run(long limitSeconds, String... command) {
    Process process = start(command);
    CompletableFuture.delayedExecutor(limitSeconds, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(
            "%s ended with %d (it may take %d s):\n%s"
                .formatted(String.join(" ", command), status, limitSeconds, output));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().keySet().removeAll(List.of("LUNARY_PRIVATE_KEY", "LUNARY_VERBOSE"));
    if (Files.isDirectory(FOLDER)) {
      builder.directory(FOLDER.toFile());
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(
          "These tests drive the real JavaScript SDK and need Node.js 18 or newer with npm on the"
              + " PATH (%s could not be started: %s).".formatted(command[0], e.getMessage()),
          e);
    }
  }
}
