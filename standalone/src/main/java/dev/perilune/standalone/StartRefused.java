package dev.perilune.standalone;

/** A start that cannot go on; the text is for the person at the terminal and says what to do. */
public final class StartRefused extends RuntimeException {

  public StartRefused(String message) {
    super(message);
  }
}
