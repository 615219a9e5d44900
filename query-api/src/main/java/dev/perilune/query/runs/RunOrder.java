package dev.perilune.query.runs;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * In which order runs are listed; equal ones are told apart by their ids.
 *
 * @param nullsFirst whether runs without the value come first; in lists they come last
 */
public record RunOrder(Field field, boolean descending, boolean nullsFirst) {

  /** Newest first. */
  static final RunOrder DEFAULT = new RunOrder(Field.START, true, false);

  /**
   * What a list may be ordered by, as an expression over the table {@code run} called {@code r}.
   */
  public enum Field {
    START("r.created_at", "timestamptz"),
    DURATION("extract(epoch FROM (r.ended_at - r.created_at))", "numeric"),
    TOKENS(
        """
        CASE WHEN r.prompt_tokens IS NOT NULL OR r.completion_tokens IS NOT NULL
             THEN coalesce(r.prompt_tokens, 0)::bigint + coalesce(r.completion_tokens, 0) END\
        """,
        "numeric"),
    COST("r.cost", "numeric"),
    MESSAGES("CASE WHEN r.type = 'thread' THEN thread_messages(r.project_id, r.id) END", "numeric");

    private final String sql;
    private final String type;

    Field(String sql, String type) {
      this.sql = sql;
      this.type = type;
    }
  }

  private static final Map<String, Field> BY_NAME =
      Map.of(
          "createdAt", Field.START,
          "duration", Field.DURATION,
          "tokens", Field.TOKENS,
          "cost", Field.COST,
          "messagesCount", Field.MESSAGES);

  /** The order a query asks for: anything but {@code desc} ascends; an unknown field is default. */
  static RunOrder of(Optional<String> sortField, Optional<String> sortDirection) {
    return sortField
        .map(BY_NAME::get)
        .map(field -> new RunOrder(field, sortDirection.filter("desc"::equals).isPresent(), false))
        .orElse(DEFAULT);
  }

  /** The same list from its end. */
  RunOrder reversed() {
    return new RunOrder(field, !descending, !nullsFirst);
  }

  boolean isByStart() {
    return field == Field.START;
  }

  /** Tells it apart from every other order. */
  String name() {
    return field.name().toLowerCase(Locale.ROOT) + (descending ? "-desc" : "-asc");
  }

  /** What the list is ordered by, as an expression. */
  String value() {
    return field.sql;
  }

  /** The terms of an ORDER BY. */
  public String sql() {
    String direction = descending ? "DESC" : "ASC";
    // a start is never missing, and a word on nulls would keep the index on it from being used
    String nulls = isByStart() ? "" : nullsFirst ? " NULLS FIRST" : " NULLS LAST";
    return field.sql + " " + direction + nulls + ", r.id " + direction;
  }

  /**
   * The condition that a run comes after the end of a page.
   *
   * @param hasValue whether the run that the page ended with has what the list is ordered by
   * @param value the argument that holds it: a time for starts, else a text
   * @param id the argument that holds that run's id
   */
  String after(boolean hasValue, String value, String id) {
    String beyond = descending ? "<" : ">";
    if (isByStart()) {
      return "(r.created_at, r.id) %s (%s::timestamptz, %s)".formatted(beyond, value, id);
    }
    if (!hasValue) {
      // without a value there is nothing to compare; the argument must be used all the same
      return "(%s (%s) IS NULL %s r.id %s %s) AND %s::text IS NULL"
          .formatted(
              nullsFirst ? "NOT" : "", field.sql, nullsFirst ? "OR" : "AND", beyond, id, value);
    }
    String limit = "(%s::text)::%s".formatted(value, field.type);
    return "((%s) %s %s OR (%s) = %s AND r.id %s %s%s)"
        .formatted(
            field.sql,
            beyond,
            limit,
            field.sql,
            limit,
            beyond,
            id,
            nullsFirst ? "" : " OR (" + field.sql + ") IS NULL");
  }
}
