package dev.perilune.query.runs;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.JsonRows;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;

/** The routes that read runs. */
public final class RunRoutes {

  /** Words of the path that are routes of their own, here or in another service; never run ids. */
  private static final Set<String> WORDS = Set.of("count", "usage", "export", "exports", "ingest");

  private final ApiKeys keys;
  private final RunSql reader;

  /**
   * @param statementLimit how long one statement may take
   */
  public RunRoutes(Database database, ApiKeys keys, Duration statementLimit) {
    this.keys = keys;
    this.reader = new RunSql(database, statementLimit);
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    var privateKey = Authenticate.privateKey(keys);
    router.get("/v1/runs").handler(privateKey).handler(this::list);
    router.get("/v1/runs/count").handler(privateKey).handler(this::count);
    router.get("/v1/runs/:id").handler(RunRoutes::notAWord).handler(privateKey).handler(this::one);
    router.get("/v1/runs/:id/related").handler(privateKey).handler(this::related);
    router.get("/v1/runs/:id/feedback").handler(Authenticate.project(keys)).handler(this::feedback);
  }

  private void list(RoutingContext ctx) {
    RunListQuery query = RunListQuery.of(ctx.request().query());
    String before = "{\"page\":" + query.page() + ",\"limit\":" + query.limit() + ",\"data\":[";
    reader
        .list(Caller.of(ctx), query)
        .compose(pieces -> JsonRows.send(ctx, before, pieces, "]}"))
        .onFailure(ctx::fail);
  }

  private void count(RoutingContext ctx) {
    reader
        .count(Caller.of(ctx), RunListQuery.of(ctx.request().query()))
        .compose(count -> Answer.json(ctx, Buffer.buffer(Long.toString(count))))
        .onFailure(ctx::fail);
  }

  private void one(RoutingContext ctx) {
    reader
        .one(Caller.of(ctx), Params.pathText(ctx, "id"))
        .compose(run -> Answer.json(ctx, run))
        .onFailure(ctx::fail);
  }

  private void related(RoutingContext ctx) {
    reader
        .tree(Caller.of(ctx), Params.pathText(ctx, "id"))
        .compose(pieces -> JsonRows.send(ctx, "[", pieces, "]"))
        .onFailure(ctx::fail);
  }

  private void feedback(RoutingContext ctx) {
    reader
        .feedback(Caller.of(ctx), Params.pathText(ctx, "id"))
        .compose(feedback -> Answer.json(ctx, feedback))
        .onFailure(ctx::fail);
  }

  private static void notAWord(RoutingContext ctx) {
    if (WORDS.contains(ctx.pathParam("id"))) {
      throw new Problem.NotFound();
    }
    ctx.next();
  }
}
