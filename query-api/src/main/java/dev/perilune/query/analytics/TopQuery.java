package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.runtime.http.Problem;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a ranking. Two queries that are equal have the same answer.
 *
 * @param userId the user whose runs are looked at
 * @param name the only name that is looked at
 * @param limit most rows of the answer
 */
record TopQuery(
    Window window, FilterQuery filter, Optional<Long> userId, Optional<String> name, int limit)
    implements Asked {

  private static final int MOST = 100;

  /**
   * Reads a query string whose window may be missing; it is used only where dates and time zone are
   * all there.
   *
   * @throws Problem.Invalid naming every parameter that is unusable
   */
  static TopQuery anyTime(@Nullable String query, int defaultLimit) {
    return of(query, false, defaultLimit);
  }

  /**
   * Reads a query string that must name the window.
   *
   * @throws Problem.Invalid naming every parameter that is missing or unusable
   */
  static TopQuery inTime(@Nullable String query, int defaultLimit) {
    return of(query, true, defaultLimit);
  }

  private static TopQuery of(@Nullable String query, boolean required, int defaultLimit) {
    Given given = new Given(query);
    Instant from = given.instant("startDate", required);
    Instant to = given.instant("endDate", required);
    ZoneId zone = given.zone("timeZone", required);
    Long userId = given.number("userId", 0, Long.MAX_VALUE);
    Long limit = given.number("limit", 1, MOST);
    given.check();
    return new TopQuery(
        from == null || to == null || zone == null ? Window.EVER : new Window(from, to),
        Given.filter(query),
        Optional.ofNullable(userId),
        given.text("name"),
        Objects.requireNonNullElse(limit, (long) defaultLimit).intValue());
  }
}
