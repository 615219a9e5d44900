package dev.perilune.runtime.db;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells a database that is away from a statement that is wrong. */
public final class Outage {

  // connection exceptions, too many connections, cannot connect now, admin or crash shutdown
  private static final Set<String> STATES = Set.of("53300", "57P01", "57P02", "57P03");

  private Outage() {}

  /** Whether the same statement may succeed once the database is back. */
  public static boolean is(Throwable cause) {
    if (cause instanceof PgException refused) {
      String state = refused.getSqlState();
      return state != null && (state.startsWith("08") || STATES.contains(state));
    }
    return cause instanceof IOException
        || cause instanceof TimeoutException
        || cause instanceof ClosedConnectionException
        || cause instanceof VertxException;
  }
}
