package dev.perilune.query.dashboards;

import dev.perilune.query.dashboards.Charts.Wanted;
import dev.perilune.query.resource.Column;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Puts charts on a dashboard. */
final class ChartSql {
  private static final List<Column> COLUMNS = Charts.ON_DASHBOARD.settable();

  private static final String KNOWN =
      "SELECT id FROM chart WHERE project_id = $1 AND dashboard_id = $2";

  private static final String LIBRARY =
      "SELECT id FROM custom_chart WHERE project_id = $1 AND id = ANY ($2) FOR KEY SHARE";

  private static final String REMOVE =
      "DELETE FROM chart WHERE project_id = $1 AND dashboard_id = $2 AND id <> ALL ($3)";

  private static final String PUT = put();

  private ChartSql() {}

  /** Makes these the charts of a dashboard, in this order; those it has already keep their id. */
  static Future<Void> replace(
      SqlConnection connection, UUID project, UUID dashboard, List<Wanted> charts) {
    return requireLibrary(connection, project, charts)
        .compose(there -> ids(connection, KNOWN, Tuple.of(project, dashboard)))
        .compose(
            known -> {
              UUID[] ids = ids(charts, known);
              return connection
                  .preparedQuery(REMOVE)
                  .execute(Tuple.of(project, dashboard).addArrayOfUUID(ids))
                  .compose(
                      removed ->
                          connection
                              .preparedQuery(PUT)
                              .execute(values(project, dashboard, ids, charts)));
            })
        .mapEmpty();
  }

  /** Known ids, each for one chart, and new ones for the rest. */
  private static UUID[] ids(List<Wanted> charts, Set<UUID> known) {
    Set<UUID> left = new HashSet<>(known);
    return charts.stream()
        .map(chart -> left.remove(chart.id()) ? chart.id() : UUID.randomUUID())
        .toArray(UUID[]::new);
  }

  private static Future<Void> requireLibrary(
      SqlConnection connection, UUID project, List<Wanted> charts) {
    List<String> named =
        charts.stream()
            .map(chart -> chart.values().get("custom_chart_id"))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    if (named.isEmpty()) {
      return Future.succeededFuture();
    }
    UUID[] ids = named.stream().map(UUID::fromString).toArray(UUID[]::new);
    return ids(connection, LIBRARY, Tuple.of(project).addArrayOfUUID(ids))
        .compose(
            found -> {
              for (int i = 0; i < charts.size(); i++) {
                String id = charts.get(i).values().get("custom_chart_id");
                if (id != null && !found.contains(UUID.fromString(id))) {
                  throw new Problem.Invalid(
                      "charts[" + i + "].customChartId", "No custom chart has this id");
                }
              }
              return Future.succeededFuture();
            });
  }

  private static Future<Set<UUID>> ids(SqlConnection connection, String sql, Tuple values) {
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(
            rows -> {
              Set<UUID> ids = new HashSet<>();
              rows.forEach(row -> ids.add(row.getUUID("id")));
              return ids;
            });
  }

  private static Tuple values(UUID project, UUID dashboard, UUID[] ids, List<Wanted> charts) {
    Tuple values = Tuple.of(project, dashboard).addArrayOfUUID(ids);
    for (Column column : COLUMNS) {
      values.addArrayOfString(
          charts.stream().map(chart -> chart.values().get(column.name())).toArray(String[]::new));
    }
    return values;
  }

  private static String put() {
    StringBuilder arrays = new StringBuilder("$3::uuid[]");
    for (int i = 0; i < COLUMNS.size(); i++) {
      arrays.append(", $").append(i + 4).append("::text[]");
    }
    String names = COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));
    return """
        INSERT INTO chart (project_id, dashboard_id, id, %s, sort_order)
        SELECT $1, $2, id, %s, place - 1
          FROM unnest(%s) WITH ORDINALITY AS c (id, %s, place)
        ON CONFLICT (id) DO UPDATE SET %s, sort_order = excluded.sort_order, updated_at = now()
        """
        .formatted(
            names,
            COLUMNS.stream()
                .map(column -> column.name() + "::" + column.kind().sqlType)
                .collect(Collectors.joining(", ")),
            arrays,
            names,
            COLUMNS.stream()
                .map(column -> column.name() + " = excluded." + column.name())
                .collect(Collectors.joining(", ")));
  }
}
