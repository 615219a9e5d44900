package dev.perilune.processor.store;

/** The database can't be reached or is busy: the same batch succeeds later. */
public final class StoreAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean collision;

  StoreAway(String message, Throwable cause) {
    this(message, cause, false);
  }

  StoreAway(String message, Throwable cause, boolean collision) {
    super(message, cause);
    this.collision = collision;
  }

  private StoreAway(String message) {
    super(message);
    this.collision = true;
  }

  /** Somebody else changed what the transaction relies on. */
  static StoreAway collision(String message) {
    return new StoreAway(message);
  }

  /** Whether two transactions met (deadlock, serialisation), so that a try at once is worth it. */
  public boolean isCollision() {
    return collision;
  }
}
