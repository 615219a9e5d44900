package dev.perilune.processor.store;

import dev.perilune.runtime.db.Outage;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the database on the processor's own thread, never longer than the limit. */
record Waiting(Duration limit) {
  /** Deadlock, failed serialisation, lock not available, statement cancelled: try again. */
  private static final Set<String> TRY_AGAIN = Set.of("40001", "40P01", "55P03", "57014");

  <T> T on(Future<T> answer) {
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw sorted(e.getCause());
    } catch (TimeoutException e) {
      throw new StoreAway("No answer from the database within " + limit, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreAway("Interrupted while waiting for the database", e);
    }
  }

  private static RuntimeException sorted(Throwable cause) {
    if (Outage.is(cause)) {
      return new StoreAway("The database is away", cause);
    }
    if (cause instanceof PgException fault && TRY_AGAIN.contains(fault.getSqlState())) {
      return new StoreAway("The database wants another try: " + fault.getSqlState(), cause);
    }
    return new StoreRefused("The database refused a batch: " + cause.getMessage(), cause);
  }
}
