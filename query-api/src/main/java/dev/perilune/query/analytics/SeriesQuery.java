package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Granularity;
import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.runtime.http.Problem;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a series. Two queries that are equal have the same answer.
 *
 * @param dimensions how users are split; empty unless the caller names both
 * @param firstDimension the first dimension alone, as given
 */
record SeriesQuery(
    Window window,
    ZoneId zone,
    Granularity granularity,
    FilterQuery filter,
    Optional<Dimensions> dimensions,
    Optional<String> firstDimension)
    implements Asked {

  /** Keys of the users' properties; the second may be {@code date} instead. */
  record Dimensions(String first, String second) {
    boolean byDate() {
      return second.equals("date");
    }
  }

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws Problem.Invalid naming every parameter that is missing or unusable
   */
  static SeriesQuery of(@Nullable String query) {
    Given given = new Given(query);
    Instant from = given.instant("startDate", true);
    Instant to = given.instant("endDate", true);
    ZoneId zone = given.zone("timeZone", true);
    Granularity granularity = given.granularity("granularity");
    given.check();
    Optional<String> first = dimension(given, "firstDimension");
    return new SeriesQuery(
        new Window(Objects.requireNonNull(from), Objects.requireNonNull(to)),
        Objects.requireNonNull(zone),
        Objects.requireNonNull(granularity),
        Given.filter(query),
        first.flatMap(
            one -> dimension(given, "secondDimension").map(two -> new Dimensions(one, two))),
        first);
  }

  // what users are like changes without any run
  @Override
  public boolean isOfFiguresOnly() {
    return filter.asksTypeAndNameOnly() && dimensions.isEmpty();
  }

  /**
   * The buckets as they are at that time.
   *
   * @throws Problem.Invalid if there are too many
   */
  Buckets buckets(Instant now) {
    try {
      return Buckets.of(window, zone, granularity, now);
    } catch (Buckets.TooMany tooMany) {
      throw new Problem.Invalid(
          "granularity",
          "More than "
              + Buckets.MOST
              + " periods between startDate and endDate; expected a coarser granularity than "
              + granularity.wireName());
    }
  }

  // clients send the word undefined for none
  private static Optional<String> dimension(Given given, String name) {
    return given.text(name).filter(value -> !value.equals("undefined"));
  }
}
