package dev.perilune.processor.store;

/** The database can't be reached or is busy: the same batch succeeds later. */
public final class StoreAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreAway(String message, Throwable cause) {
    super(message, cause);
  }
}
