package dev.perilune.query.dashboards;

import static dev.perilune.query.resource.Column.checks;
import static dev.perilune.query.resource.Column.flag;
import static dev.perilune.query.resource.Column.id;
import static dev.perilune.query.resource.Column.text;
import static dev.perilune.query.resource.Column.time;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.dashboards.Charts.Wanted;
import dev.perilune.query.resource.Resource;
import dev.perilune.query.resource.ResourceBody;
import dev.perilune.query.resource.ResourceRoutes;
import dev.perilune.query.resource.ResourceSql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Dashboards with their charts, the library of custom charts, and the legacy list of charts. */
public final class Dashboards {

  static final Resource DASHBOARDS =
      Resource.inProject("dashboards", "dashboard")
          .column(text("name").notNull())
          .column(text("description"))
          .column(checks("checks").otherwise("[\"AND\"]"))
          .column(time("start_date"))
          .column(time("end_date"))
          .column(Charts.GRANULARITY)
          .column(flag("is_home").otherwise("false"))
          .column(id("owner_id").shown());

  private static final String PATH = "/v1/dashboards";
  private static final String LIBRARY = "/v1/dashboards/charts/custom";

  private final ResourceRoutes library;
  private final ResourceSql customCharts;
  private final DashboardSql dashboards;

  public Dashboards(Database database, ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.library = new ResourceRoutes(database, keys, rateLimit, Charts.LIBRARY);
    this.customCharts = library.sql();
    this.dashboards = new DashboardSql(database);
  }

  /** Adds the routes to one event loop's router; literal paths come before ids. */
  public void mount(Router router) {
    library.mount(router);
    library.serve(router, HttpMethod.PATCH, LIBRARY, this::patchCustom);
    library.serve(router, HttpMethod.POST, LIBRARY + "/delete", this::deleteCustom);
    library.serve(router, HttpMethod.GET, PATH, this::list);
    library.serve(router, HttpMethod.POST, PATH, this::create);
    library.serve(router, HttpMethod.GET, PATH + "/:id", this::one);
    library.serve(router, HttpMethod.PATCH, PATH + "/:id", this::patch);
    library.serve(router, HttpMethod.DELETE, PATH + "/:id", this::delete);
    library.serve(router, HttpMethod.GET, "/v1/charts", this::charts);
  }

  private void list(RoutingContext ctx) {
    dashboards.list(project(ctx)).compose(found -> Answer.json(ctx, found)).onFailure(ctx::fail);
  }

  private void one(RoutingContext ctx) {
    dashboards
        .one(project(ctx), Params.pathUuid(ctx, "id"))
        .compose(found -> Answer.json(ctx, found))
        .onFailure(ctx::fail);
  }

  private void create(RoutingContext ctx) {
    ResourceBody body = ResourceBody.of(ctx);
    Map<String, @Nullable String> values = body.created(DASHBOARDS.settable());
    List<Wanted> charts = Charts.builtIn(body);
    body.checked();
    dashboards
        .create(project(ctx), values, charts, Audit.entry(ctx, "dashboard", "create", null))
        .compose(made -> Answer.json(ctx, made))
        .onFailure(ctx::fail);
  }

  private void patch(RoutingContext ctx) {
    UUID id = Params.pathUuid(ctx, "id");
    ResourceBody body = ResourceBody.of(ctx);
    Map<String, @Nullable String> values = body.changed(DASHBOARDS.settable());
    if (body.get("description").isNull()) {
      body.wrong("description", "Expected string, received null");
    }
    List<Wanted> charts = Charts.of(body);
    body.checked();
    dashboards
        .patch(project(ctx), id, values, charts, Audit.entry(ctx, "dashboard", "update", id))
        .compose(changed -> Answer.json(ctx, changed))
        .onFailure(ctx::fail);
  }

  private void delete(RoutingContext ctx) {
    UUID id = Params.pathUuid(ctx, "id");
    dashboards
        .delete(project(ctx), id, Audit.entry(ctx, "dashboard", "delete", id))
        .compose(deleted -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private void charts(RoutingContext ctx) {
    dashboards.charts(project(ctx)).compose(found -> Answer.json(ctx, found)).onFailure(ctx::fail);
  }

  private void patchCustom(RoutingContext ctx) {
    ResourceBody body = ResourceBody.of(ctx);
    UUID id = bodyId(body);
    Map<String, @Nullable String> values = body.changed(Charts.LIBRARY.settable());
    body.checked();
    customCharts
        .patch(ctx, id, values)
        .compose(chart -> Answer.json(ctx, chart))
        .onFailure(ctx::fail);
  }

  private void deleteCustom(RoutingContext ctx) {
    ResourceBody body = ResourceBody.of(ctx);
    UUID id = bodyId(body);
    body.checked();
    customCharts
        .delete(ctx, id)
        .compose(
            chart -> {
              if (chart == null) {
                throw new Problem.NotFound("custom chart not found");
              }
              return Answer.json(ctx, chart);
            })
        .onFailure(ctx::fail);
  }

  /** The id that the library's clients send in the body; any uuid where it is wrong. */
  private static UUID bodyId(ResourceBody body) {
    String id = body.created(List.of(id("id").required())).get("id");
    return id == null ? new UUID(0, 0) : UUID.fromString(id);
  }

  private static UUID project(RoutingContext ctx) {
    return Caller.of(ctx).requiredProject().value();
  }
}
