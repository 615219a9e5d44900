package dev.perilune.standalone;

/** A start that cannot go on; the text is for the person at the terminal and says what to do. */
final class StartRefused extends RuntimeException {

  StartRefused(String message) {
    super(message);
  }
}
