package dev.perilune.query.filter;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs of which a number is above, below or equal to a threshold. An unknown number is neither. */
record NumberCondition(Measure measure, Operator operator, BigDecimal threshold)
    implements Condition {

  /** How a number is compared. */
  enum Operator {
    GT("gt", ">"),
    GTE("gte", ">="),
    LT("lt", "<"),
    LTE("lte", "<="),
    EQ("eq", "="),
    NEQ("neq", "<>");

    static final List<String> NAMES = Arrays.stream(values()).map(o -> o.wireName).toList();

    private final String wireName;
    private final String sql;

    Operator(String wireName, String sql) {
      this.wireName = wireName;
      this.sql = sql;
    }

    /** The operator of that name, which must be one of {@link #NAMES}. */
    static Operator named(String wireName) {
      return values()[NAMES.indexOf(wireName)];
    }

    private boolean holds(int order) {
      return switch (this) {
        case GT -> order > 0;
        case GTE -> order >= 0;
        case LT -> order < 0;
        case LTE -> order <= 0;
        case EQ -> order == 0;
        case NEQ -> order != 0;
      };
    }
  }

  /** Which number. */
  enum Measure {
    DURATION_SECONDS("extract(epoch FROM (r.ended_at - r.created_at))"),
    COST_USD("r.cost"),
    TOTAL_TOKENS("coalesce(r.prompt_tokens, 0)::bigint + coalesce(r.completion_tokens, 0)"),
    PROMPT_TOKENS("r.prompt_tokens"),
    COMPLETION_TOKENS("r.completion_tokens"),
    MESSAGES("CASE WHEN r.type = 'thread' THEN thread_messages(r.project_id, r.id) ELSE 0 END"),
    INPUT_CHARACTERS(lengthOf("input")),
    OUTPUT_CHARACTERS(lengthOf("output"));

    private final String sql;

    Measure(String sql) {
      this.sql = sql;
    }

    static Measure tokens(String field) {
      return switch (field) {
        case "prompt" -> PROMPT_TOKENS;
        case "completion" -> COMPLETION_TOKENS;
        default -> TOTAL_TOKENS;
      };
    }

    static Measure characters(String side) {
      return side.equals("input") ? INPUT_CHARACTERS : OUTPUT_CHARACTERS;
    }

    private static String lengthOf(String side) {
      return """
      (SELECT char_length(p.%s) FROM run_payload p
        WHERE p.project_id = r.project_id AND p.run_id = r.id AND p.created_at = r.created_at
        LIMIT 1)\
      """
          .formatted(side);
    }

    private @Nullable BigDecimal of(RunFacts run) {
      return switch (this) {
        case DURATION_SECONDS -> run.durationSeconds();
        case COST_USD -> run.costUsd();
        case TOTAL_TOKENS -> whole(orZero(run.promptTokens()) + orZero(run.completionTokens()));
        case PROMPT_TOKENS -> whole(run.promptTokens());
        case COMPLETION_TOKENS -> whole(run.completionTokens());
        case MESSAGES, INPUT_CHARACTERS, OUTPUT_CHARACTERS -> null;
      };
    }

    private static @Nullable BigDecimal whole(@Nullable Long number) {
      return number == null ? null : BigDecimal.valueOf(number);
    }

    private static long orZero(@Nullable Long number) {
      return number == null ? 0 : number;
    }
  }

  @Override
  public String sql(SqlArguments arguments) {
    // as a text, which the client can send whatever number it is
    String number = arguments.add(threshold.toPlainString());
    return "(%s) %s (%s::text)::numeric".formatted(measure.sql, operator.sql, number);
  }

  @Override
  public Optional<Predicate<RunFacts>> inMemory() {
    return switch (measure) {
      case MESSAGES, INPUT_CHARACTERS, OUTPUT_CHARACTERS -> Optional.empty();
      case DURATION_SECONDS, COST_USD, TOTAL_TOKENS, PROMPT_TOKENS, COMPLETION_TOKENS ->
          Optional.of(this::holds);
    };
  }

  private boolean holds(RunFacts run) {
    BigDecimal number = measure.of(run);
    return number != null && operator.holds(number.compareTo(threshold));
  }
}
