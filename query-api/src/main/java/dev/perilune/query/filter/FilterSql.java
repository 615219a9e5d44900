package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Filters as a condition on the table {@code run}, which the statement must call {@code r}. Values
 * travel as arguments, never as text of the statement.
 *
 * @param sql a whole condition in brackets; true when nothing is asked
 * @param arguments values of {@code $first}, {@code $first + 1} and so on
 */
public record FilterSql(String sql, List<Object> arguments) {

  private static final String TRACES =
      """
      r.type IN ('agent', 'chain')
      AND (r.parent_run_id IS NULL OR r.parent_type IS NULL OR r.parent_type = 'chat')\
      """;

  public FilterSql {
    arguments = List.copyOf(arguments);
  }

  /**
   * @param first number of the first free argument of the statement
   * @throws Problem.Invalid if a filter cannot be asked for yet
   */
  public static FilterSql of(FilterQuery query, int first) {
    List<Object> arguments = new ArrayList<>();
    String sql =
        query.filters().stream()
            .map(filter -> "(" + condition(filter, first, arguments) + ")")
            .collect(Collectors.joining(query.any() ? " OR " : " AND "));
    return new FilterSql(sql.isEmpty() ? "(TRUE)" : "(" + sql + ")", arguments);
  }

  private static String condition(Filter filter, int first, List<Object> arguments) {
    return switch (filter.id()) {
      case TYPE -> type(filter.single(0), first, arguments);
      case REGEX, JSON, ASSERTION, TONE, FACTUALNESS, GUIDELINES, SIMILARITY, ROUGE -> "TRUE";
      case MODELS,
          TOOLS,
          RETRIEVERS,
          CUSTOM_EVENTS,
          TAGS,
          TEMPLATES,
          STATUS,
          FEEDBACK,
          USERS,
          USER_PROPS,
          METADATA,
          DATE_RANGE,
          DURATION,
          COST,
          TOKENS,
          MESSAGES,
          SEARCH,
          STRING,
          LENGTH,
          LANGUAGES,
          PII,
          TOPICS,
          INTENTS,
          TOXICITY,
          SENTIMENT ->
          throw notBuilt(filter.id().wireName());
    };
  }

  private static String type(String type, int first, List<Object> arguments) {
    if (type.equals("trace")) {
      return TRACES;
    }
    arguments.add(type);
    return "r.type = $" + (first + arguments.size() - 1);
  }

  private static Problem notBuilt(String name) {
    return new Problem.Invalid(name, "Filter \"" + name + "\" is not supported yet");
  }
}
