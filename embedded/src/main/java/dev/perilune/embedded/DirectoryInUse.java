package dev.perilune.embedded;

import java.nio.file.Path;

/** A folder that another running process has locked. */
public final class DirectoryInUse extends EmbeddedFailure {

  DirectoryInUse(Path dir, String holder) {
    super(dir + " is in use by " + holder + ". Stop that one, or choose another folder.");
  }
}
