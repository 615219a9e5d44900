package dev.perilune.query.filter;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Runs of which a first-level field of some JSON has a value, told by its text: {@code 3}, {@code
 * true} and {@code null} match the values and the texts of that spelling.
 */
record FieldCondition(Where where, String key, String value) implements Condition {

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
    return where.frame.formatted(matches(arguments));
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
