package dev.perilune.processor.store;

/** The database will not take these rows, however often they are offered. */
public final class StoreRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
