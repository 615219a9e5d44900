package dev.perilune.query.runs;

import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.FilterSql;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * Which runs a list is about, as a condition on {@code run r}; the same for its pages, its count
 * and the neighbours of a run in it.
 *
 * @param parents ids of which one must be the run's declared parent; empty asks for any parent
 */
record RunMatchSql(UUID project, FilterQuery filter, List<UUID> parents) {

  private static final int FIRST_FILTER_ARGUMENT = 2;

  RunMatchSql {
    parents = List.copyOf(parents);
  }

  /** The values of the condition's arguments, {@code $1} being the project; others may follow. */
  Tuple values() {
    Tuple values = Tuple.of(project);
    compiled().arguments().forEach(values::addValue);
    return parents.isEmpty() ? values : values.addArrayOfUUID(parents.toArray(UUID[]::new));
  }

  /** The condition. */
  String sql() {
    FilterSql filters = compiled();
    String sql = "r.project_id = $1 AND NOT r.is_deleted AND " + filters.sql();
    int parentArgument = FIRST_FILTER_ARGUMENT + filters.arguments().size();
    return parents.isEmpty() ? sql : sql + " AND r.parent_run_id = ANY ($" + parentArgument + ")";
  }

  private FilterSql compiled() {
    return FilterSql.of(filter, FIRST_FILTER_ARGUMENT);
  }
}
