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
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The routes that read runs. */
public final class RunRoutes {

  /** Words that are no run ids: their routes are elsewhere, or still to come. */
  private static final Set<String> WORDS = Set.of("exports", "ingest");

  /** Whether a tree was cut: {@code true} or {@code false}. */
  private static final String TRUNCATED = "X-Perilune-Truncated";

  private final RunListSql lists;
  private final RunSql runs;
  private final RunUsageSql usage;
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
    this.lists = new RunListSql(database, statementLimit);
    this.runs = new RunSql(database, statementLimit);
    this.usage = new RunUsageSql(database, statementLimit);
    this.traces = new TraceSql(database, statementLimit);
    this.privateKey = Authenticate.privateKey(keys);
    this.anyKey = Authenticate.project(keys);
    this.rateLimit = rateLimit;
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    add(router, "/v1/runs", privateKey, this::list);
    add(router, "/v1/runs/count", privateKey, this::count);
    add(router, "/v1/runs/usage", privateKey, this::usage);
    router.get("/v1/runs/:id").handler(RunRoutes::notAWord);
    add(router, "/v1/runs/:id", privateKey, this::one);
    add(router, "/v1/runs/:id/related", privateKey, this::related);
    add(router, "/v1/runs/:id/neighbors", privateKey, this::neighbors);
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
    lists
        .list(Caller.of(ctx), query)
        .compose(page -> JsonRows.send(ctx, before, page.runs(), afterPage(page)))
        .onFailure(ctx::fail);
  }

  private static String afterPage(RunListSql.Listed page) {
    String next = page.next() == null ? "null" : '"' + page.next() + '"';
    String total = page.total() == null ? "" : ",\"total\":" + page.total();
    String search =
        page.waiting() == null ? "" : ",\"search\":{\"waiting\":" + page.waiting() + "}";
    return "],\"nextCursor\":" + next + total + search + "}";
  }

  private void count(RoutingContext ctx) {
    lists
        .count(Caller.of(ctx), RunListQuery.of(ctx.request().query()))
        .compose(count -> Answer.json(ctx, Buffer.buffer(Long.toString(count))))
        .onFailure(ctx::fail);
  }

  private void neighbors(RoutingContext ctx) {
    RunListQuery query = RunListQuery.of(ctx.request().query(), RunListQuery.TRACES);
    lists
        .neighbors(Caller.of(ctx), Params.pathText(ctx, "id"), query)
        .compose(
            beside ->
                Answer.json(
                    ctx,
                    new JsonObject()
                        .put("previousId", text(beside.previous()))
                        .put("nextId", text(beside.next()))))
        .onFailure(ctx::fail);
  }

  private static @Nullable String text(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  private void usage(RoutingContext ctx) {
    usage
        .usage(Caller.of(ctx), RunUsage.of(ctx.request().query()))
        .compose(used -> Answer.json(ctx, used))
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
