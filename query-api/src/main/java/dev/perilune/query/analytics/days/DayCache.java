package dev.perilune.query.analytics.days;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Keeps the latest known state of days, and loads a state once when many ask for it at a time. A
 * state is found by its version only, so nobody gets an older or a newer one than they asked for.
 *
 * @param <V> what is kept of a day
 */
final class DayCache<V> {

  /** A UTC day of a project. */
  record Day(UUID project, Instant midnight) {}

  private record State(Day day, long version) {}

  private record Kept<V>(long version, V rows) {
    Kept<V> later(Kept<V> other) {
      return other.version > version ? other : this;
    }
  }

  private final SingleFlight<State, V> underWay = new SingleFlight<>();
  private final Cache<Day, Kept<V>> kept;

  /**
   * @param bytes what something takes in memory
   */
  DayCache(long mostBytes, ToIntFunction<V> bytes) {
    kept =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((Day day, Kept<V> state) -> bytes.applyAsInt(state.rows()))
            .build();
  }

  /**
   * The rows of the day in that state.
   *
   * @param load reads them where nobody has or does
   */
  Future<V> find(Day day, long version, Supplier<Future<V>> load) {
    Kept<V> known = kept.getIfPresent(day);
    if (known != null && known.version() == version) {
      return Future.succeededFuture(known.rows());
    }
    return underWay.of(
        new State(day, version),
        () ->
            load.get()
                .onSuccess(
                    rows -> kept.asMap().merge(day, new Kept<>(version, rows), Kept::later)));
  }
}
