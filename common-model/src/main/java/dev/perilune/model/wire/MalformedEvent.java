package dev.perilune.model.wire;

/** A stored record that is no event; the message says what is wrong with it. */
public final class MalformedEvent extends Exception {
  private static final long serialVersionUID = 1L;

  /** Carries no stack trace: what is wrong is the record, not the code. */
  public MalformedEvent(String message) {
    super(message, null, false, false);
  }
}
