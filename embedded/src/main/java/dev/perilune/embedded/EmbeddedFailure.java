package dev.perilune.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded server that cannot start or stop; the text says why and what to do about it. */
public class EmbeddedFailure extends RuntimeException {

  EmbeddedFailure(String message) {
    this(message, null);
  }

  EmbeddedFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
