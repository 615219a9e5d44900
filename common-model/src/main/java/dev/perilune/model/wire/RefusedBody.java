package dev.perilune.model.wire;

/** A request body from which no event can be read; the message says what would be right. */
public final class RefusedBody extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why a body is refused. */
  public enum Reason {
    /** Not JSON. */
    BROKEN,
    /** JSON, but neither an object nor an array. */
    SCALAR,
    /** No {@code events}, or nothing in their place. */
    NO_EVENTS,
    /** More events than one request may hold. */
    TOO_MANY
  }

  /** Carries no stack trace: a client's mistake is not a bug. */
  public RefusedBody(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Returns what is wrong with the body. */
  public Reason reason() {
    return reason;
  }
}
