package dev.perilune.query.users;

import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterId;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.RawQuery;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.http.Problem.Invalid.Issue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of the list of users, read and checked.
 *
 * @param search null for all users
 * @param users what restricts the users themselves
 * @param runs what restricts the runs that their cost is the sum of
 * @param window of those runs; null without dates
 * @param orderBy a column of the list
 */
record UserListQuery(
    int page,
    int limit,
    @Nullable String search,
    FilterQuery users,
    FilterQuery runs,
    @Nullable Window window,
    String orderBy,
    boolean descending) {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final Map<String, String> COLUMNS =
      Map.of("createdAt", "created_at", "lastSeen", "last_seen", "cost", "cost");

  /**
   * Reads the undecoded part of a URI after the question mark. {@code search} is for users here,
   * and {@code checks} has filters within, as some clients send them.
   *
   * @throws Problem.Invalid naming every parameter that is unusable
   */
  static UserListQuery of(@Nullable String query) {
    RawQuery raw = RawQuery.of(query);
    List<Issue> issues = new ArrayList<>();
    Instant from = instant(raw, "startDate", issues);
    Instant to = instant(raw, "endDate", issues);
    boolean zone = zone(raw, issues);
    String orderBy = orderBy(raw.text("sortField"), issues);
    boolean descending = descending(raw.text("sortDirection"), issues);
    if (!issues.isEmpty()) {
      throw new Problem.Invalid(issues);
    }
    FilterQuery filters =
        FilterQuery.parse(query)
            .without(FilterId.SEARCH)
            .and(raw.text("checks").map(FilterQuery::parse).orElse(FilterQuery.NONE));
    return new UserListQuery(
        raw.count("page", 0, Integer.MAX_VALUE),
        raw.count("limit", DEFAULT_LIMIT, MAX_LIMIT),
        raw.text("search").map(UserListQuery::storable).orElse(null),
        filters.only(FilterId.USER_PROPS),
        filters.without(FilterId.USER_PROPS),
        zone && from != null && to != null ? including(from, to) : null,
        orderBy,
        descending);
  }

  /** Whether the cost is that of all runs, which is kept with the user. */
  boolean isOfAllRuns() {
    return runs.filters().isEmpty() && window == null;
  }

  /** Whether what users cost alone decides which of them come first. */
  boolean isByCostOnly() {
    return orderBy.equals("cost") && search == null && users.filters().isEmpty();
  }

  /** Rows before this page. */
  long offset() {
    return (long) page * limit;
  }

  // both ends belong to it, and runs are stored to the microsecond
  private static Window including(Instant from, Instant to) {
    return new Window(
        from.truncatedTo(ChronoUnit.MICROS),
        to.truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS));
  }

  private static String storable(String search) {
    if (search.indexOf('\0') >= 0) {
      throw new Problem.Invalid("search", "must not have the character NUL");
    }
    return search;
  }

  private static @Nullable Instant instant(RawQuery raw, String name, List<Issue> issues) {
    Optional<String> text = raw.text(name);
    try {
      if (text.isPresent() && text.get().endsWith("Z")) {
        Instant time = Instant.parse(text.get());
        if (!time.isBefore(Window.EVER.from()) && time.isBefore(Window.EVER.to())) {
          return time;
        }
      }
    } catch (DateTimeParseException notATime) {
      // the same text serves an offset and a word
    }
    text.ifPresent(
        wrong ->
            issues.add(
                new Issue(name, "Invalid datetime, expected one such as 2026-03-01T00:00:00Z")));
    return null;
  }

  private static boolean zone(RawQuery raw, List<Issue> issues) {
    Optional<String> name = raw.text("timeZone");
    try {
      return name.map(ZoneId::of).isPresent();
    } catch (DateTimeException unknown) {
      issues.add(new Issue("timeZone", "Expected a time zone such as Europe/Paris"));
      return false;
    }
  }

  private static String orderBy(Optional<String> field, List<Issue> issues) {
    String column = COLUMNS.get(field.orElse("createdAt"));
    if (column == null) {
      issues.add(
          new Issue("sortField", "Invalid enum value. Expected 'createdAt' | 'lastSeen' | 'cost'"));
    }
    return column == null ? "" : column;
  }

  private static boolean descending(Optional<String> direction, List<Issue> issues) {
    String word = direction.orElse("desc");
    if (!word.equals("asc") && !word.equals("desc")) {
      issues.add(new Issue("sortDirection", "Invalid enum value. Expected 'asc' | 'desc'"));
    }
    return !word.equals("asc");
  }
}
