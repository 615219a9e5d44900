package dev.perilune.query.options;

import dev.perilune.model.ProjectId;
import dev.perilune.query.filter.RawQuery;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.function.BiFunction;

/** The routes that offer values for filters. */
public final class OptionRoutes {

  private static final String ROOT = "/v1/filters/";
  private static final int MAX_LIMIT = 1000;
  private static final int FEW_USERS = 3;
  private static final int MOST_PROPS = 100;
  private static final long MAX_BODY_BYTES = 64 << 10;

  private final ApiKeys keys;
  private final Handler<RoutingContext> rateLimit;
  private final OptionSql options;

  /**
   * @param rateLimit follows the check of the key on every route
   * @param statementLimit how long one statement may take
   */
  public OptionRoutes(
      Database database, ApiKeys keys, Handler<RoutingContext> rateLimit, Duration statementLimit) {
    this.keys = keys;
    this.rateLimit = rateLimit;
    this.options = new OptionSql(database, statementLimit);
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    add(router, "models", (project, query) -> options.names(project, "llm"));
    add(router, "tags", (project, query) -> options.tags(project));
    add(
        router,
        "metadata",
        (project, query) -> options.metadataKeys(project, query.text("type").orElse(null)));
    add(router, "users", this::users);
    add(router, "user-props/keys", this::userPropKeys);
    add(router, "user-props/values", this::userPropValues);
    add(router, "templates", (project, query) -> options.templates(project));
    add(router, "custom-events", (project, query) -> options.customEvents(project));
    add(router, "topics", (project, query) -> options.topics(project));
    add(router, "intents", (project, query) -> options.intents(project));
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
    router
        .post(ROOT + "natural-language")
        .handler(Authenticate.privateKey(keys))
        .handler(rateLimit)
        // as a plain handler: the router wants body handlers first, but who may not gets no body
        // read
        .handler(body::handle)
        .handler(OptionRoutes::inWords);
  }

  private void add(
      Router router, String path, BiFunction<ProjectId, RawQuery, Future<JsonArray>> question) {
    router
        .get(ROOT + path)
        .handler(Authenticate.privateKey(keys))
        .handler(rateLimit)
        .handler(
            ctx ->
                question
                    .apply(Caller.of(ctx).requiredProject(), RawQuery.of(ctx.request().query()))
                    .compose(list -> Answer.json(ctx, list))
                    .onFailure(ctx::fail));
  }

  private Future<JsonArray> users(ProjectId project, RawQuery query) {
    int limit = query.count("limit", FEW_USERS, MAX_LIMIT);
    long offset = (long) query.count("page", 0, Integer.MAX_VALUE) * limit;
    return options.users(project, query.text("search").orElse(null), limit, offset);
  }

  private Future<JsonArray> userPropKeys(ProjectId project, RawQuery query) {
    int limit = query.count("limit", MOST_PROPS, MAX_LIMIT);
    return options.userPropKeys(project, query.text("search").orElse(null), limit);
  }

  private Future<JsonArray> userPropValues(ProjectId project, RawQuery query) {
    String key = query.text("key").orElseThrow(() -> new Problem.Invalid("key", "Required"));
    return options.userPropValues(project, key, query.count("limit", MOST_PROPS, MAX_LIMIT));
  }

  private static void inWords(RoutingContext ctx) {
    FilterWords words = FilterWords.parse(ctx.body().asString());
    // no model can be configured yet, so there is nobody who could understand them
    (words.isValid()
            ? Answer.json(ctx, 503, FilterWords.NOT_CONFIGURED)
            : Answer.json(ctx, 400, words.errors()))
        .onFailure(ctx::fail);
  }
}
