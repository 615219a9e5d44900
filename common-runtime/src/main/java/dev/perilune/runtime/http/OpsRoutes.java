package dev.perilune.runtime.http;

import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The routes that operators and orchestrators ask; no credential. */
final class OpsRoutes {

  private final Health health;
  private final Meters meters;

  OpsRoutes(Health health, Meters meters) {
    this.health = health;
    this.meters = meters;
  }

  void mount(Router router) {
    router.get("/v1/health").handler(this::health);
    router.get("/v1/ready").handler(this::ready);
    router.get("/v1/live").handler(ctx -> Answer.json(ctx, new JsonObject().put("status", "OK")));
    router.get("/metrics").handler(this::metrics);
  }

  private void health(RoutingContext ctx) {
    health
        .check()
        .onSuccess(report -> Answer.json(ctx, status(report), body(report)))
        .onFailure(ctx::fail);
  }

  private void ready(RoutingContext ctx) {
    health
        .check()
        .onSuccess(
            report ->
                Answer.json(
                    ctx,
                    status(report),
                    body(report).put("checks", JsonObject.mapFrom(report.parts()))))
        .onFailure(ctx::fail);
  }

  private static int status(Health.Report report) {
    return report.isUp() ? 200 : 503;
  }

  private static JsonObject body(Health.Report report) {
    return new JsonObject().put("status", report.isUp() ? "OK" : "UNAVAILABLE");
  }

  private void metrics(RoutingContext ctx) {
    ctx.vertx()
        .executeBlocking(meters::scrape)
        .onSuccess(
            text ->
                ctx.response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(text))
        .onFailure(ctx::fail);
  }
}
