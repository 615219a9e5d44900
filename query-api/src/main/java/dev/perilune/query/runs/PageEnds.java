package dev.perilune.query.runs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;

/**
 * Remembers where pages ended, so that who asks for the page after one that was shown does not pay
 * for all pages before it. What is remembered is soon forgotten: new runs shift the pages.
 */
final class PageEnds {

  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final Cache<Place, PageEnd> ends =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();

  private record Place(RunMatchSql match, RunOrder order, int limit, int page) {}

  /** Where the page before that one ended, if it was shown a moment ago. */
  Optional<PageEnd> before(RunMatchSql match, RunListQuery query) {
    return Optional.ofNullable(
        ends.getIfPresent(new Place(match, query.order(), query.limit(), query.page() - 1)));
  }

  /** Where that page ends. */
  void remember(RunMatchSql match, RunListQuery query, PageEnd end) {
    ends.put(new Place(match, query.order(), query.limit(), query.page()), end);
  }
}
