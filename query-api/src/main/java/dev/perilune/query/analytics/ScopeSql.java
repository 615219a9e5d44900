package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.FilterSql;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * The runs that a question looks at, as part of a statement, and the arguments of that statement.
 * {@code $1} is the project, {@code $2} and {@code $3} are the window.
 */
final class ScopeSql {

  private static final String RUNS =
      """
        FROM run r
       WHERE r.project_id = $1 AND r.created_at >= $2 AND r.created_at < $3
         AND %s\
      """;

  private final Tuple values;
  private final String filter;

  private ScopeSql(UUID project, Window window, FilterQuery filters) {
    this.values = Tuple.of(project, time(window.from()), time(window.to()));
    FilterSql condition = FilterSql.of(filters, values.size() + 1);
    condition.arguments().forEach(values::addValue);
    this.filter = condition.sql();
  }

  static ScopeSql ofProject(UUID project, Window window, FilterQuery filters) {
    return new ScopeSql(project, window, filters);
  }

  /** FROM and WHERE for {@code run r}; more conditions may follow. */
  String runs() {
    return runsAndDeleted() + " AND NOT r.is_deleted";
  }

  /** The same with the runs that are deleted and must not count. */
  String runsAndDeleted() {
    return RUNS.formatted(filter);
  }

  /** The filters alone, for any {@code r} that has the columns they ask for. */
  String filter() {
    return filter;
  }

  /** An expression that is the position of the bucket that {@code column} lies in. */
  String bucketOf(String column, Buckets buckets) {
    String edges =
        argument(buckets.edges().stream().map(ScopeSql::time).toArray(OffsetDateTime[]::new));
    String ordinals = argument(buckets.ordinals().toArray(Integer[]::new));
    return "(%s::integer[])[width_bucket(%s, %s::timestamptz[])]"
        .formatted(ordinals, column, edges);
  }

  /** Adds an argument; returns how the statement names it. */
  String argument(Object value) {
    values.addValue(value);
    return "$" + values.size();
  }

  /** The arguments so far. */
  Tuple values() {
    return values;
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
