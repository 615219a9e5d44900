package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.util.List;
import java.util.function.Predicate;

/** Filters as a question to one run in memory; means the same as {@link FilterSql} does. */
public final class RunFilter implements Predicate<RunFacts> {

  private final Predicate<RunFacts> question;

  private RunFilter(Predicate<RunFacts> question) {
    this.question = question;
  }

  /**
   * @throws Problem.Invalid if a filter cannot be asked of a run in memory
   */
  public static RunFilter of(Filter filter) {
    return new RunFilter(question(filter));
  }

  @Override
  public boolean test(RunFacts run) {
    return question.test(run);
  }

  private static Predicate<RunFacts> question(Filter filter) {
    if (filter instanceof FilterLeaf leaf) {
      return leaf.condition().inMemory().orElseThrow(() -> notInMemory(leaf));
    }
    FilterQuery group = (FilterQuery) filter;
    List<Predicate<RunFacts>> questions =
        group.filters().stream().map(RunFilter::question).toList();
    if (questions.isEmpty()) {
      return run -> true;
    }
    return group.any()
        ? run -> questions.stream().anyMatch(one -> one.test(run))
        : run -> questions.stream().allMatch(one -> one.test(run));
  }

  private static Problem notInMemory(FilterLeaf leaf) {
    String name = leaf.id().wireName();
    return leaf.condition() instanceof UserCondition
        ? new Problem.Invalid(name, "Expected internal numeric ids of users for live runs")
        : new Problem.Invalid(name, "Filter \"" + name + "\" is not supported for live runs");
  }
}
