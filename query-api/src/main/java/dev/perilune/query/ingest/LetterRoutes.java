package dev.perilune.query.ingest;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/** Shows a project its dead letters, and has them tried again after a fix. */
public final class LetterRoutes {
  private static final String LETTERS = "/v1/ingest/dead-letters";
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** Of each record of a list; one letter alone is shown whole. */
  private static final int LISTED_RECORD_BYTES = 16 << 10;

  private final ApiKeys keys;
  private final Handler<RoutingContext> rateLimit;
  private final LetterSql letters;

  public LetterRoutes(Database database, ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.keys = keys;
    this.rateLimit = rateLimit;
    this.letters = new LetterSql(database);
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
    var privateKey = Authenticate.privateKey(keys);
    router.get(LETTERS).handler(privateKey).handler(rateLimit).handler(this::list);
    router.get(LETTERS + "/:id").handler(privateKey).handler(rateLimit).handler(this::one);
    router
        .post(LETTERS + "/redrive")
        .handler(privateKey)
        .handler(rateLimit)
        // as a plain handler: the router wants body handlers first, but who may not gets no body
        // read
        .handler(body::handle)
        .handler(this::redrive);
  }

  private void list(RoutingContext ctx) {
    int page = Params.integer(ctx, "page", 0, 0, Integer.MAX_VALUE);
    int limit = Params.integer(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String reason = Params.text(ctx, "reason");
    letters
        .page(project(ctx), reason, limit, (long) page * limit, LISTED_RECORD_BYTES)
        .compose(
            found ->
                Answer.json(
                    ctx,
                    new JsonObject()
                        .put("page", page)
                        .put("limit", limit)
                        .put("data", LetterJson.of(found))))
        .onFailure(ctx::fail);
  }

  private void one(RoutingContext ctx) {
    letters
        .one(project(ctx), Params.pathNumber(ctx, "id"))
        .map(letter -> letter.orElseThrow(() -> new Problem.NotFound("Dead letter not found")))
        .compose(letter -> Answer.json(ctx, LetterJson.of(letter)))
        .onFailure(ctx::fail);
  }

  private void redrive(RoutingContext ctx) {
    Redrive wanted = Redrive.parse(ctx.body().buffer());
    letters
        .redrive(project(ctx), wanted, Redrive.MOST)
        .compose(
            requested ->
                Answer.json(
                    ctx,
                    new JsonObject()
                        .put("requested", requested)
                        .put("more", requested == Redrive.MOST)))
        .onFailure(ctx::fail);
  }

  private static ProjectId project(RoutingContext ctx) {
    return Caller.of(ctx).requiredProject();
  }
}
