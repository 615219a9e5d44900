package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Filters as a question to one run in memory; means the same as {@link FilterSql} does. */
public record RunFilter(boolean any, List<Predicate<RunFacts>> conditions)
    implements Predicate<RunFacts> {
  private static final Set<String> TRACE_TYPES = Set.of("agent", "chain");

  public RunFilter {
    conditions = List.copyOf(conditions);
  }

  /**
   * @throws Problem.Invalid if a filter cannot be asked of a run in memory
   */
  public static RunFilter of(FilterQuery query) {
    return new RunFilter(query.any(), query.filters().stream().map(RunFilter::condition).toList());
  }

  @Override
  public boolean test(RunFacts run) {
    return conditions.isEmpty()
        || (any
            ? conditions.stream().anyMatch(condition -> condition.test(run))
            : conditions.stream().allMatch(condition -> condition.test(run)));
  }

  private static Predicate<RunFacts> condition(Filter filter) {
    if (filter.id() != FilterId.TYPE) {
      String name = filter.id().wireName();
      throw new Problem.Invalid(name, "Filter \"" + name + "\" is not supported for live runs");
    }
    String type = filter.single(0);
    return type.equals("trace") ? RunFilter::isTrace : run -> run.type().equals(type);
  }

  private static boolean isTrace(RunFacts run) {
    return TRACE_TYPES.contains(run.type())
        && (run.parentRunId() == null
            || run.parentType() == null
            || run.parentType().equals("chat"));
  }
}
