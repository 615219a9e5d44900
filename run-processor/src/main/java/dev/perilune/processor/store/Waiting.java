package dev.perilune.processor.store;

import dev.perilune.runtime.db.Outage;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Waits for the database on the processor's own thread, never longer than the limit. */
record Waiting(Duration limit) {
  /** Deadlock and failed serialisation. */
  private static final Set<String> COLLISIONS = Set.of("40001", "40P01");

  /**
   * Classes of states that blame the values: cardinality, data, integrity, check option, program
   * limit, raised by a function. Everything else (a table or a right that is missing, a full disk,
   * a server that only reads) is no fault of the records, so they wait for its end.
   */
  private static final Set<String> DATA_FAULTS = Set.of("21", "22", "23", "44", "54", "P0");

  <T> T on(Future<T> answer) {
    return on(answer, late -> {});
  }

  /** As the other, and hands an answer that comes too late to {@code release}. */
  <T> T on(Future<T> answer, Consumer<T> release) {
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw sorted(e.getCause());
    } catch (TimeoutException e) {
      answer.onSuccess(release::accept);
      throw new StoreAway("No answer from the database within " + limit, e);
    } catch (InterruptedException e) {
      answer.onSuccess(release::accept);
      Thread.currentThread().interrupt();
      throw new StoreAway("Interrupted while waiting for the database", e);
    }
  }

  private static RuntimeException sorted(Throwable cause) {
    if (Outage.is(cause)) {
      return new StoreAway("The database is away: " + cause.getMessage(), cause);
    }
    if (cause instanceof PgException fault && !blamesValues(fault)) {
      return new StoreAway(
          "The database can't do it now: " + fault.getMessage(),
          cause,
          COLLISIONS.contains(fault.getSqlState()));
    }
    return new StoreRefused("The database refused a batch: " + cause.getMessage(), cause);
  }

  private static boolean blamesValues(PgException fault) {
    String state = fault.getSqlState();
    return state != null && state.length() == 5 && DATA_FAULTS.contains(state.substring(0, 2));
  }
}
