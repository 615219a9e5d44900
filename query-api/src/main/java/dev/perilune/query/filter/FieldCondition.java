package dev.perilune.query.filter;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Runs of which a first-level field of some JSON has a value, told by its text: {@code 3}, {@code
 * true} and {@code null} match the values and the texts of that spelling. Metadata's {@code
 * threadId} is also that of the root of a run's trace.
 */
record FieldCondition(Where where, String key, String value) implements Condition {

  /** Where spans note their thread; the word of a trace's root counts for all below it. */
  private static final String THREAD = "threadId";

  // threads are small: their traces are found once, not for each run
  private static final String IN_TRACE =
      """
      (%s) OR r.id IN (
        WITH RECURSIVE below (id, depth) AS (
          SELECT t.id, 0
            FROM run t
           WHERE t.project_id = $1 AND NOT t.is_deleted AND (%s)
             AND (t.parent_run_id IS NULL OR t.parent_type IS NULL OR t.parent_type = 'chat')
           UNION ALL
          SELECT c.id, below.depth + 1
            FROM below
            JOIN run c ON c.project_id = $1 AND c.parent_run_id = below.id
           WHERE below.depth < 1000)
        SELECT id FROM below OFFSET 0)\
      """;

  /** Whose JSON. */
  enum Where {
    METADATA("r.metadata", "%s"),
    USER_PROPS(
        "u.props",
        """
        r.external_user_id IN (
          SELECT u.id FROM external_user u WHERE u.project_id = $1 AND (%s) OFFSET 0)\
        """);

    private final String json;
    private final String frame;

    Where(String json, String frame) {
      this.json = json;
      this.frame = frame;
    }
  }

  @Override
  public String sql(SqlArguments arguments) {
    String own = matches(arguments);
    return where == Where.METADATA && key.equals(THREAD)
        ? IN_TRACE.formatted(own, own.replace("r.metadata", "t.metadata"))
        : where.frame.formatted(own);
  }

  /** The condition over the JSON itself. */
  String matches(SqlArguments arguments) {
    String field = arguments.add(key) + "::text";
    String text = "%s ->> %s = %s".formatted(where.json, field, arguments.add(value));
    if (value.equals("null")) {
      return text + " OR " + where.json + " -> " + field + " = 'null'::jsonb";
    }
    // 1 and 1.0 are one number
    Optional<BigDecimal> number = FilterValues.parsed(value);
    return number.isEmpty()
        ? text
        : "%s OR %s -> %s = to_jsonb((%s::text)::numeric)"
            .formatted(text, where.json, field, arguments.add(number.get().toPlainString()));
  }
}
