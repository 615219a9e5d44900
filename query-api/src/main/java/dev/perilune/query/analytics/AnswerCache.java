package dev.perilune.query.analytics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.perilune.query.analytics.days.SingleFlight;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Keeps answers for a short while, and asks the same question once when many ask it at a time. The
 * tenant is part of every key. Holds at most 64 MB.
 */
final class AnswerCache {

  private static final long MOST_BYTES = 64L << 20;

  /** What an entry weighs besides its text. */
  private static final int OVERHEAD_BYTES = 1024;

  /**
   * A question.
   *
   * @param tenant the project, or the organisation where it is one that asks
   * @param asked the parameters as read, so that their spelling does not matter
   * @param version of the tenant's data: another version is another question
   */
  record Key(UUID tenant, String route, Asked asked, long version) {}

  private static final Duration FILLING_FOR = Duration.ofMinutes(15);
  private static final Duration FILLING = Duration.ofSeconds(5);
  private static final Duration SETTLED = Duration.ofMinutes(10);

  private final SingleFlight<Key, Answered> underWay = new SingleFlight<>();
  private final Cache<Key, Answered> kept =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((Key key, Answered answer) -> answer.body().length() + OVERHEAD_BYTES)
          .expireAfter(Expiry.creating((Key key, Answered answer) -> answer.fresh()))
          .build();

  /** The answer that is kept or under way, else a new one that is kept for those who ask next. */
  Future<Answered> find(Key key, Supplier<Future<Answered>> ask) {
    Answered known = kept.getIfPresent(key);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return underWay.of(key, () -> ask.get().onSuccess(answer -> kept.put(key, answer)));
  }

  /**
   * How long an answer may be shown though nobody looks whether it still holds: minutes if only
   * figures of a time that is over make it up, since their version is part of the key; else
   * seconds.
   */
  static Duration freshness(Asked asked, Instant now) {
    boolean stillFilling = asked.window().to().isAfter(now.minus(FILLING_FOR));
    return stillFilling || !asked.isOfFiguresOnly() ? FILLING : SETTLED;
  }
}
