package dev.perilune.processor.store;

import io.vertx.pgclient.PgException;

/** The database will not take these rows, however often they are offered. */
public final class StoreRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreRefused(String message, Throwable cause) {
    super(message, cause);
  }

  /** The kind of refusal without a word of the database's text, which may hold other rows. */
  public String kind() {
    return getCause() instanceof PgException fault
        ? "SQLSTATE " + fault.getSqlState()
        : getCause().getClass().getSimpleName();
  }
}
