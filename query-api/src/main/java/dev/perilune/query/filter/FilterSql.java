package dev.perilune.query.filter;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Filters as a condition on the table {@code run}, which the statement must call {@code r}. Its
 * first argument, {@code $1}, must be the project's id. Values travel as arguments, never as text
 * of the statement.
 *
 * @param sql a whole condition in brackets; true when nothing is asked
 * @param arguments values of {@code $first}, {@code $first + 1} and so on
 */
public record FilterSql(String sql, List<Object> arguments) {

  public FilterSql {
    arguments = List.copyOf(arguments);
  }

  /**
   * @param first number of the first free argument of the statement, at least 2
   */
  public static FilterSql of(Filter filter, int first) {
    SqlArguments arguments = new SqlArguments(first);
    return new FilterSql(sql(filter, arguments), arguments.values());
  }

  /**
   * The {@code user-props} filters as a condition on the table {@code external_user}, which the
   * statement must call {@code u}; other filters ask nothing of a user.
   *
   * @param first number of the first free argument of the statement
   */
  public static FilterSql ofUsers(FilterQuery query, int first) {
    SqlArguments arguments = new SqlArguments(first);
    return new FilterSql(userSql(query.only(FilterId.USER_PROPS), arguments), arguments.values());
  }

  private static String sql(Filter filter, SqlArguments arguments) {
    return filter instanceof FilterQuery group
        ? joined(group, group.filters().stream().map(one -> sql(one, arguments)).toList())
        : "(" + ((FilterLeaf) filter).condition().sql(arguments) + ")";
  }

  private static String userSql(Filter filter, SqlArguments arguments) {
    if (filter instanceof FilterQuery group) {
      return joined(group, group.filters().stream().map(one -> userSql(one, arguments)).toList());
    }
    return ((FilterLeaf) filter).condition() instanceof FieldCondition field
        ? "(" + field.matches(arguments) + ")"
        : "(TRUE)";
  }

  private static String joined(FilterQuery group, List<String> conditions) {
    return conditions.isEmpty()
        ? "(TRUE)"
        : conditions.stream().collect(Collectors.joining(group.any() ? " OR " : " AND ", "(", ")"));
  }
}
