package dev.perilune.query.jobs;

import dev.perilune.query.resource.ResourceRoutes;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;

/** Starts the recalculation of costs, or a preview of it, and shows how far it is. */
public final class JobRoutes {
  private static final String JOBS = "/v1/jobs";
  private static final String REFRESH_COSTS = "refresh-costs";
  private static final String PREVIEW = "refresh-costs-preview";

  private final Handler<RoutingContext> privateKey;
  private final Handler<RoutingContext> rateLimit;
  private final JobSql jobs;

  public JobRoutes(Database database, ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.privateKey = Authenticate.privateKey(keys);
    this.rateLimit = rateLimit;
    this.jobs = new JobSql(database);
  }

  /** Adds the routes to one event loop's router; literal paths come before ids. */
  public void mount(Router router) {
    String refresh = JOBS + "/" + REFRESH_COSTS;
    serve(router, HttpMethod.POST, refresh, ctx -> start(ctx, REFRESH_COSTS));
    serve(router, HttpMethod.GET, refresh, ctx -> latest(ctx, REFRESH_COSTS));
    serve(router, HttpMethod.POST, refresh + "/preview", ctx -> start(ctx, PREVIEW));
    serve(router, HttpMethod.GET, refresh + "/preview", ctx -> latest(ctx, PREVIEW));
    serve(router, HttpMethod.GET, JOBS + "/jobs/:id", this::one);
    serve(router, HttpMethod.GET, JOBS + "/:id", this::one);
    serve(router, HttpMethod.DELETE, JOBS + "/:id", this::delete);
  }

  private void serve(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    ResourceRoutes.serve(router, privateKey, rateLimit, method, path, handler);
  }

  private void start(RoutingContext ctx, String type) {
    jobs.start(org(ctx), type)
        .compose(id -> Answer.json(ctx, 202, new JsonObject().put("jobId", id.toString())))
        .onFailure(ctx::fail);
  }

  /** No content tells those who poll that there is no job. */
  private void latest(RoutingContext ctx, String type) {
    jobs.latest(org(ctx), type)
        .compose(job -> job.isEmpty() ? Answer.noContent(ctx) : Answer.json(ctx, job.get()))
        .onFailure(ctx::fail);
  }

  private void one(RoutingContext ctx) {
    jobs.one(org(ctx), Params.pathUuid(ctx, "id"))
        .compose(job -> found(ctx, job))
        .onFailure(ctx::fail);
  }

  private static Future<Void> found(RoutingContext ctx, Optional<Buffer> job) {
    return Answer.json(ctx, job.orElseThrow(() -> new Problem.NotFound("Job not found")));
  }

  /** Ends a job too: its worker notices with its next step. */
  private void delete(RoutingContext ctx) {
    jobs.delete(org(ctx), Params.pathUuid(ctx, "id"))
        .compose(deleted -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private static UUID org(RoutingContext ctx) {
    return Caller.of(ctx).requiredOrg();
  }
}
