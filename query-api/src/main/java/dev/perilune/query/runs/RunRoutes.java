package dev.perilune.query.runs;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.JsonRows;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;

/** The routes that read runs. */
public final class RunRoutes {

  /** Words that are no run ids: their routes are elsewhere, or still to come. */
  private static final Set<String> WORDS = Set.of("usage", "export", "exports", "ingest");

  /** Whether a tree was cut: {@code true} or {@code false}. */
  private static final String TRUNCATED = "X-Perilune-Truncated";

  private final RunSql runs;
  private final TraceSql traces;
  private final Handler<RoutingContext> privateKey;
  private final Handler<RoutingContext> anyKey;
  private final Handler<RoutingContext> rateLimit;

  /**
   * @param rateLimit follows the check of the key on every route
   * @param statementLimit how long one statement may take
   */
  public RunRoutes(
      Database database, ApiKeys keys, Handler<RoutingContext> rateLimit, Duration statementLimit) {
    this.runs = new RunSql(database, statementLimit);
    this.traces = new TraceSql(database, statementLimit);
    this.privateKey = Authenticate.privateKey(keys);
    this.anyKey = Authenticate.project(keys);
    this.rateLimit = rateLimit;
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    add(router, "/v1/runs", privateKey, this::list);
    add(router, "/v1/runs/count", privateKey, this::count);
    router.get("/v1/runs/:id").handler(RunRoutes::notAWord);
    add(router, "/v1/runs/:id", privateKey, this::one);
    add(router, "/v1/runs/:id/related", privateKey, this::related);
    add(router, "/v1/runs/:id/trace", privateKey, this::trace);
    add(router, "/v1/runs/:id/feedback", anyKey, this::feedback);
  }

  private void add(
      Router router, String path, Handler<RoutingContext> door, Handler<RoutingContext> answer) {
    router.get(path).handler(door).handler(rateLimit).handler(answer);
  }

  private void list(RoutingContext ctx) {
    RunListQuery query = RunListQuery.of(ctx.request().query());
    String before = "{\"page\":" + query.page() + ",\"limit\":" + query.limit() + ",\"data\":[";
    runs.list(Caller.of(ctx), query)
        .compose(pieces -> JsonRows.send(ctx, before, pieces, "]}"))
        .onFailure(ctx::fail);
  }

  private void count(RoutingContext ctx) {
    runs.count(Caller.of(ctx), RunListQuery.of(ctx.request().query()))
        .compose(count -> Answer.json(ctx, Buffer.buffer(Long.toString(count))))
        .onFailure(ctx::fail);
  }

  private void one(RoutingContext ctx) {
    runs.one(Caller.of(ctx), Params.pathText(ctx, "id"))
        .compose(run -> Answer.json(ctx, run))
        .onFailure(ctx::fail);
  }

  private void related(RoutingContext ctx) {
    traces
        .related(Caller.of(ctx), Params.pathText(ctx, "id"))
        .compose(
            tree -> {
              // the body is a plain list, which has no place for it
              ctx.response().putHeader(TRUNCATED, Boolean.toString(tree.truncated()));
              return JsonRows.send(ctx, "[", tree.pieces(), "]");
            })
        .onFailure(ctx::fail);
  }

  private void trace(RoutingContext ctx) {
    traces
        .skeleton(Caller.of(ctx), Params.pathText(ctx, "id"))
        .compose(tree -> JsonRows.send(ctx, before(tree), tree.pieces(), "]}"))
        .onFailure(ctx::fail);
  }

  private static String before(TraceSql.Shown tree) {
    return "{\"id\":\"%s\",\"runs\":%d,\"truncated\":%s,\"data\":["
        .formatted(tree.root(), tree.runs(), tree.truncated());
  }

  private void feedback(RoutingContext ctx) {
    runs.feedback(Caller.of(ctx), Params.pathText(ctx, "id"))
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
