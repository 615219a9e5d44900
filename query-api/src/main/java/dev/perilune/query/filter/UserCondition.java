package dev.perilune.query.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Runs of these users.
 *
 * @param ids internal numeric ids
 * @param externalIds ids as the application chose them
 */
record UserCondition(List<Long> ids, List<String> externalIds) implements Condition {

  // equality, so that the runs of one user are read in the order of their index
  private static final String ONE_EXTERNAL =
      """
      r.external_user_id = (
        SELECT u.id FROM external_user u WHERE u.project_id = $1 AND u.external_id = %s)\
      """;

  private static final String EXTERNAL =
      """
      r.external_user_id IN (
        SELECT u.id FROM external_user u
         WHERE u.project_id = $1 AND u.external_id = ANY (%s::text[]) OFFSET 0)\
      """;

  /** A whole number is an internal id, as dashboards send it; anything else is an external one. */
  static UserCondition of(List<String> texts) {
    List<Long> ids = new ArrayList<>();
    List<String> externalIds = new ArrayList<>();
    for (String text : texts) {
      try {
        ids.add(Long.parseLong(text));
      } catch (NumberFormatException external) {
        externalIds.add(text);
      }
    }
    return new UserCondition(ids, externalIds);
  }

  @Override
  public String sql(SqlArguments arguments) {
    if (ids.size() + externalIds.size() == 1) {
      return ids.isEmpty()
          ? ONE_EXTERNAL.formatted(arguments.add(externalIds.get(0)))
          : "r.external_user_id = " + arguments.add(ids.get(0)) + "::bigint";
    }
    List<String> either = new ArrayList<>();
    if (!ids.isEmpty()) {
      Long[] array = ids.toArray(Long[]::new);
      either.add("r.external_user_id = ANY (" + arguments.add(array) + "::bigint[])");
    }
    if (!externalIds.isEmpty()) {
      either.add(EXTERNAL.formatted(arguments.add(externalIds.toArray(String[]::new))));
    }
    return String.join(" OR ", either);
  }

  @Override
  public Optional<Predicate<RunFacts>> inMemory() {
    return externalIds.isEmpty()
        ? Optional.of(run -> run.userId() != null && ids.contains(run.userId()))
        : Optional.empty();
  }
}
