package dev.perilune.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where test servers keep their files: in the module's build folder when there is one. */
final class TestFolder {

  private TestFolder() {}

  static Path named(String name) {
    Path target = Path.of("target");
    Path parent =
        Files.isDirectory(target)
            ? target
            : Path.of(System.getProperty("java.io.tmpdir"), "perilune-tests");
    return parent.resolve(name).toAbsolutePath();
  }
}
