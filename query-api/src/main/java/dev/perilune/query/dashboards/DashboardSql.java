package dev.perilune.query.dashboards;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.audit.AuditSql;
import dev.perilune.query.dashboards.Charts.Wanted;
import dev.perilune.query.resource.Column;
import dev.perilune.query.resource.ResourceSql;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Dashboards and the charts on them. Whatever makes or moves a home dashboard holds the project's
 * row, so that two who do it at once don't make two.
 */
final class DashboardSql {
  private static final int MOST = 1_000;

  private static final String LIST =
      "SELECT %s, is_home FROM dashboard WHERE project_id = $1 ORDER BY is_home DESC, name, id LIMIT %d"
          .formatted(Dashboards.DASHBOARDS.row(), MOST);

  private static final String ONE =
      "SELECT "
          + Dashboards.DASHBOARDS
              .row()
              .replace(
                  ")::text AS json",
                  ", 'charts', coalesce((SELECT json_agg("
                      + Charts.ON_DASHBOARD.row().replace("::text AS json", "")
                      + " ORDER BY sort_order) FROM chart WHERE dashboard_id = dashboard.id), '[]')"
                      + ")::text AS json")
          + " FROM dashboard WHERE project_id = $1 AND id = $2";

  private static final String ALL_CHARTS =
      "SELECT %s FROM chart WHERE project_id = $1 ORDER BY updated_at DESC, id LIMIT %d"
          .formatted(Charts.ON_DASHBOARD.row(), MOST);

  private static final String LOCK =
      "SELECT id FROM project WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE";

  private static final String HOME = "SELECT id FROM dashboard WHERE project_id = $1 AND is_home";

  private static final String DEMOTE =
      "UPDATE dashboard SET is_home = false, updated_at = now()"
          + " WHERE project_id = $1 AND is_home AND id IS DISTINCT FROM $2";

  private static final String CREATE =
      """
      INSERT INTO dashboard (project_id, name, description, checks, start_date, end_date,
                             granularity, is_home)
      SELECT $1, coalesce($2, 'Dashboard ' || 1 + (SELECT count(*) FROM dashboard
                                                    WHERE project_id = $1)),
             $3, coalesce($4::text::json, '["AND"]'), $5::text::timestamptz, $6::text::timestamptz,
             $7, coalesce($8::text::boolean, false)
      RETURNING id
      """;

  private static final String PATCH =
      """
      UPDATE dashboard
         SET name = CASE WHEN 'name' = ANY ($3::text[]) THEN $4 ELSE name END,
             description = CASE WHEN 'description' = ANY ($3) THEN $5 ELSE description END,
             checks = CASE WHEN 'checks' = ANY ($3) THEN $6::text::json ELSE checks END,
             start_date = CASE WHEN 'start_date' = ANY ($3) THEN $7::text::timestamptz
                               ELSE start_date END,
             end_date = CASE WHEN 'end_date' = ANY ($3) THEN $8::text::timestamptz ELSE end_date END,
             granularity = CASE WHEN 'granularity' = ANY ($3) THEN $9 ELSE granularity END,
             is_home = CASE WHEN 'is_home' = ANY ($3) THEN $10::text::boolean ELSE is_home END,
             updated_at = now()
       WHERE project_id = $1 AND id = $2
      RETURNING id
      """;

  private static final String DELETE =
      "DELETE FROM dashboard WHERE project_id = $1 AND id = $2 RETURNING is_home";

  private final Database database;

  DashboardSql(Database database) {
    this.database = database;
  }

  /** All dashboards without their charts; makes the default one where there is no home. */
  Future<Buffer> list(UUID project) {
    return database
        .query(LIST, Tuple.of(project))
        .compose(
            rows ->
                hasHome(rows)
                    ? Future.succeededFuture(rows)
                    : makeDefault(project).compose(x -> database.query(LIST, Tuple.of(project))))
        .map(ResourceSql::array);
  }

  Future<Buffer> charts(UUID project) {
    return database.query(ALL_CHARTS, Tuple.of(project)).map(ResourceSql::array);
  }

  /** A dashboard with its charts. */
  Future<Buffer> one(UUID project, UUID id) {
    return database.query(ONE, Tuple.of(project, id)).map(DashboardSql::only);
  }

  Future<Buffer> create(
      UUID project, Map<String, @Nullable String> values, List<Wanted> charts, Audit deed) {
    return database.inTransaction(
        connection ->
            lock(connection, project)
                .compose(locked -> demote(connection, project, null, values))
                .compose(demoted -> insert(connection, project, values, charts))
                .compose(
                    id ->
                        AuditSql.write(connection, deed.on("dashboard", id))
                            .compose(done -> one(connection, project, id))));
  }

  /**
   * Changes a dashboard.
   *
   * @param charts all that it is to have; null to keep them
   */
  Future<Buffer> patch(
      UUID project,
      UUID id,
      Map<String, @Nullable String> values,
      @Nullable List<Wanted> charts,
      Audit deed) {
    Tuple tuple = Tuple.of(project, id).addArrayOfString(values.keySet().toArray(String[]::new));
    Dashboards.DASHBOARDS.settable().forEach(column -> tuple.addString(values.get(column.name())));
    return database.inTransaction(
        connection ->
            lock(connection, project)
                .compose(locked -> demote(connection, project, id, values))
                .compose(demoted -> connection.preparedQuery(PATCH).execute(tuple))
                .compose(
                    rows -> {
                      required(rows);
                      return charts == null
                          ? Future.succeededFuture()
                          : ChartSql.replace(connection, project, id, charts);
                    })
                .compose(done -> AuditSql.write(connection, deed))
                .compose(done -> one(connection, project, id)));
  }

  /** Deletes a dashboard that is not the home. */
  Future<Void> delete(UUID project, UUID id, Audit deed) {
    return database.inTransaction(
        connection ->
            connection
                .preparedQuery(DELETE)
                .execute(Tuple.of(project, id))
                .compose(
                    rows -> {
                      required(rows);
                      if (rows.iterator().next().getBoolean("is_home")) {
                        throw new Problem.BadRequest("cannot delete home dashboard");
                      }
                      return AuditSql.write(connection, deed);
                    }));
  }

  private Future<Void> makeDefault(UUID project) {
    Map<String, @Nullable String> values =
        Map.of("name", "Default dashboard", "granularity", "daily", "is_home", "true");
    return database.inTransaction(
        connection ->
            lock(connection, project)
                .compose(locked -> connection.preparedQuery(HOME).execute(Tuple.of(project)))
                .compose(
                    home ->
                        home.size() > 0
                            ? Future.succeededFuture()
                            : insert(connection, project, values, Charts.builtIn()).mapEmpty()));
  }

  private static Future<UUID> insert(
      SqlConnection connection,
      UUID project,
      Map<String, @Nullable String> values,
      List<Wanted> charts) {
    Tuple tuple = Tuple.of(project);
    for (Column column : Dashboards.DASHBOARDS.settable()) {
      tuple.addString(values.get(column.name()));
    }
    return connection
        .preparedQuery(CREATE)
        .execute(tuple)
        .map(rows -> rows.iterator().next().getUUID("id"))
        .compose(id -> ChartSql.replace(connection, project, id, charts).map(id));
  }

  private static Future<RowSet<Row>> lock(SqlConnection connection, UUID project) {
    return connection.preparedQuery(LOCK).execute(Tuple.of(project));
  }

  private static Future<Void> demote(
      SqlConnection connection,
      UUID project,
      @Nullable UUID home,
      Map<String, @Nullable String> values) {
    return "true".equals(values.get("is_home"))
        ? connection.preparedQuery(DEMOTE).execute(Tuple.of(project, home)).mapEmpty()
        : Future.succeededFuture();
  }

  private static Future<Buffer> one(SqlConnection connection, UUID project, UUID id) {
    return connection.preparedQuery(ONE).execute(Tuple.of(project, id)).map(DashboardSql::only);
  }

  private static Buffer only(RowSet<Row> rows) {
    required(rows);
    return Buffer.buffer(rows.iterator().next().getString("json"));
  }

  private static void required(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw new Problem.NotFound("dashboard not found");
    }
  }

  private static boolean hasHome(RowSet<Row> rows) {
    for (Row row : rows) {
      if (row.getBoolean("is_home")) {
        return true;
      }
    }
    return false;
  }
}
