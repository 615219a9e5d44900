package dev.perilune.processor.consume;

/** A batch holds a record that can't be stored, for the reason that the message gives. */
final class Poison extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Poison(String reason, Throwable cause) {
    super(reason, cause);
  }
}
