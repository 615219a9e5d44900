package dev.perilune.runtime.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.perilune.model.ProjectId;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Key look-up behind a cache, so that events are taken while Postgres is away.
 *
 * <p>A known key is believed for five seconds. Up to a minute after the last confirmation it is
 * still believed, and confirmed in the background; after that a request waits for the confirmation,
 * so a revoked key is of no use for long. Only while Postgres does not answer is a key believed for
 * longer: an hour since its last confirmation. Unknown keys are remembered for two seconds, apart
 * from the known ones, so that a flood of guesses cannot push those out.
 */
public final class ApiKeys {

  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long BACKGROUND_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long OUTAGE_MEMORY_NANOS = Duration.ofSeconds(10).toNanos();
  private static final Duration BELIEVED = Duration.ofHours(1);
  private static final Duration UNKNOWN = Duration.ofSeconds(2);

  private final Function<UUID, Future<Optional<Caller>>> source;
  private final Ticker ticker;
  private final Cache<UUID, KnownKey> known;
  private final Cache<UUID, Boolean> unknown;
  private final AtomicInteger forgotten = new AtomicInteger();

  public ApiKeys(Database database) {
    this(new ApiKeySql(database)::find, Ticker.systemTicker());
  }

  ApiKeys(Function<UUID, Future<Optional<Caller>>> source, Ticker ticker) {
    this.source = source;
    this.ticker = ticker;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(BELIEVED)
            .ticker(ticker)
            .build();
    this.unknown =
        Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(UNKNOWN).ticker(ticker).build();
  }

  /**
   * The caller behind a key, or empty when no key and no project has this id. Completed already
   * when the cache knows.
   *
   * @return fails with {@code Problem.Unavailable} when the cache does not know and Postgres is
   *     away
   */
  public Future<Optional<Caller>> find(UUID key) {
    KnownKey entry = known.getIfPresent(key);
    if (entry == null) {
      return unknown.getIfPresent(key) == null ? confirm(key) : NOT_FOUND;
    }
    long now = ticker.read();
    long age = now - entry.confirmedNanos;
    if (age < FRESH_NANOS) {
      return entry.answer;
    }
    boolean outage = entry.outageNanos != 0 && now - entry.outageNanos < OUTAGE_MEMORY_NANOS;
    if (age < BACKGROUND_NANOS || outage) {
      refreshBehind(key, entry);
      return entry.answer;
    }
    return confirm(key).recover(away -> believeOn(entry));
  }

  /**
   * Forgets every key of a project, so that the next request with one asks Postgres. Other
   * processes notice by themselves.
   */
  public void forget(ProjectId project) {
    forgotten.incrementAndGet();
    known
        .asMap()
        .values()
        .removeIf(
            entry ->
                entry.answer.result().map(caller -> project.equals(caller.project())).orElse(true));
  }

  private void refreshBehind(UUID key, KnownKey entry) {
    if (entry.startRefresh()) {
      confirm(key)
          .onFailure(away -> entry.noteOutage(ticker.read()))
          .onComplete(done -> entry.endRefresh());
    }
  }

  private Future<Optional<Caller>> believeOn(KnownKey entry) {
    entry.noteOutage(ticker.read());
    return entry.answer;
  }

  private Future<Optional<Caller>> confirm(UUID key) {
    int before = forgotten.get();
    return source
        .apply(key)
        .onSuccess(
            found -> {
              // an answer from before something was forgotten may be what was forgotten
              if (forgotten.get() == before) {
                remember(key, found);
              }
            });
  }

  private void remember(UUID key, Optional<Caller> found) {
    if (found.isPresent()) {
      known.put(key, new KnownKey(found, ticker.read()));
    } else {
      known.invalidate(key);
      unknown.put(key, true);
    }
  }

  private static final Future<Optional<Caller>> NOT_FOUND =
      Future.succeededFuture(Optional.empty());
}
