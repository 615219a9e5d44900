package dev.perilune.query.analytics;

import dev.perilune.query.filter.Filter;
import dev.perilune.query.filter.FilterId;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.FilterSql;
import dev.perilune.query.filter.RawQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a question: those of its query string and, where it has one, those of its {@code
 * checks} parameter. A run must satisfy both.
 */
record RunConditions(FilterQuery pairs, FilterQuery checks) {

  static final RunConditions NONE =
      new RunConditions(FilterQuery.parse(null), FilterQuery.parse(null));

  private static final Set<FilterId> OF_USERS = Set.of(FilterId.USERS, FilterId.USER_PROPS);

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws dev.perilune.runtime.http.Problem.Invalid naming the filter that cannot be read
   */
  static RunConditions of(@Nullable String query) {
    FilterQuery checks = FilterQuery.parse(RawQuery.of(query).text("checks").orElse(null));
    return new RunConditions(FilterQuery.parse(query), checks);
  }

  /** The condition in brackets, and its arguments from {@code $first} on. */
  FilterSql sql(int first) {
    FilterSql one = FilterSql.of(pairs, first);
    FilterSql other = FilterSql.of(checks, first + one.arguments().size());
    List<Object> arguments = new ArrayList<>(one.arguments());
    arguments.addAll(other.arguments());
    return new FilterSql("(" + one.sql() + " AND " + other.sql() + ")", arguments);
  }

  boolean isEmpty() {
    return filters().findAny().isEmpty();
  }

  boolean mention(FilterId id) {
    return filters().anyMatch(filter -> filter.id() == id);
  }

  /** Whether they can be asked of a user alone. */
  boolean areOfUsersOnly() {
    return filters().allMatch(filter -> OF_USERS.contains(filter.id()));
  }

  private Stream<Filter> filters() {
    return Stream.concat(pairs.filters().stream(), checks.filters().stream());
  }
}
