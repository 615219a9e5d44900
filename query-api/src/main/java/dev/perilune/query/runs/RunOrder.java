package dev.perilune.query.runs;

import java.util.Map;
import java.util.Optional;

/**
 * In which order runs are listed; runs without the value come last, equal ones are told apart by
 * their ids.
 */
record RunOrder(Field field, boolean descending) {

  /** Newest first. */
  static final RunOrder DEFAULT = new RunOrder(Field.START, true);

  /**
   * What a list may be ordered by, as an expression over the table {@code run} called {@code r}.
   */
  enum Field {
    START("r.created_at"),
    DURATION("(r.ended_at - r.created_at)"),
    TOKENS(
        """
        CASE WHEN r.prompt_tokens IS NOT NULL OR r.completion_tokens IS NOT NULL
             THEN coalesce(r.prompt_tokens, 0)::bigint + coalesce(r.completion_tokens, 0) END\
        """),
    COST("r.cost"),
    MESSAGES("CASE WHEN r.type = 'thread' THEN thread_messages(r.project_id, r.id) END");

    private final String sql;

    Field(String sql) {
      this.sql = sql;
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
        .map(field -> new RunOrder(field, sortDirection.filter("desc"::equals).isPresent()))
        .orElse(DEFAULT);
  }

  String sql() {
    String direction = descending ? "DESC" : "ASC";
    // a start is never missing, and NULLS LAST would keep the index on it from being used
    String nulls = field == Field.START ? "" : " NULLS LAST";
    return field.sql + " " + direction + nulls + ", r.id " + direction;
  }
}
