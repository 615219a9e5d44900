package dev.perilune.query.users;

import dev.perilune.query.analytics.days.UserDaysSql;
import dev.perilune.query.audit.Audit;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes of the users that applications name. */
public final class ExternalUserRoutes {
  private static final String USERS = "/v1/external-users";
  private static final Pattern WHOLE_PART = Pattern.compile("^\\s*([0-9]{1,6})");
  private static final int MAX_DAYS = 36_500;

  private final UserSql users;
  private final UserListSql lists;
  private final Erasures erasures;
  private final Handler<RoutingContext> privateKey;
  private final Handler<RoutingContext> rateLimit;

  /**
   * @param rateLimit follows the check of the key on every route
   * @param statementLimit how long one statement of a question may take
   */
  public ExternalUserRoutes(
      Vertx vertx,
      Database database,
      ApiKeys keys,
      Handler<RoutingContext> rateLimit,
      Duration statementLimit,
      UserDaysSql days) {
    this.users = new UserSql(database, statementLimit);
    this.lists = new UserListSql(database, statementLimit, new SpentSql(vertx, days));
    this.erasures = new Erasures(vertx, database);
    this.privateKey = Authenticate.privateKey(keys);
    this.rateLimit = rateLimit;
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    add(router, USERS, this::list);
    add(router, USERS + "/runs/usage", this::usage);
    add(router, USERS + "/props/keys", this::keys);
    add(router, USERS + "/:id", this::one);
    add(router, USERS + "/:id/erasure", this::erasure);
    router.delete(USERS + "/:id").handler(privateKey).handler(rateLimit).handler(this::erase);
  }

  /** Stops going on with erasures; another instance does, or the next start. */
  public void close() {
    erasures.close();
  }

  private void add(Router router, String path, Handler<RoutingContext> answer) {
    router.get(path).handler(privateKey).handler(rateLimit).handler(answer);
  }

  private void list(RoutingContext ctx) {
    lists
        .page(project(ctx), UserListQuery.of(ctx.request().query()))
        .compose(page -> Answer.json(ctx, page))
        .onFailure(ctx::fail);
  }

  private void usage(RoutingContext ctx) {
    users
        .usage(project(ctx), days(ctx))
        .compose(usage -> Answer.json(ctx, usage))
        .onFailure(ctx::fail);
  }

  private void keys(RoutingContext ctx) {
    users.keys(project(ctx)).compose(keys -> Answer.json(ctx, keys)).onFailure(ctx::fail);
  }

  private void one(RoutingContext ctx) {
    users
        .one(project(ctx), UserId.of(Params.pathText(ctx, "id")))
        .map(user -> user.orElseThrow(() -> new Problem.NotFound("User not found")))
        .compose(user -> Answer.json(ctx, user))
        .onFailure(ctx::fail);
  }

  private void erasure(RoutingContext ctx) {
    users
        .erasure(project(ctx), Params.pathNumber(ctx, "id"))
        .map(erasure -> erasure.orElseThrow(() -> new Problem.NotFound("Erasure not found")))
        .compose(erasure -> Answer.json(ctx, erasure))
        .onFailure(ctx::fail);
  }

  /** Who is not there needs no erasing: the answer is the same. */
  private void erase(RoutingContext ctx) {
    UUID project = project(ctx);
    users
        .id(project, UserId.of(Params.pathText(ctx, "id")))
        .compose(
            id -> {
              if (id.isEmpty()) {
                return Future.succeededFuture();
              }
              Audit deed = Audit.entry(ctx, "external_user", "delete_data", id.get());
              return erasures.erase(project, id.get(), deed);
            })
        .compose(done -> Answer.noContent(ctx))
        .onFailure(ctx::fail);
  }

  /** The whole number that the parameter begins with. */
  private static int days(RoutingContext ctx) {
    String text = Params.text(ctx, "days");
    if (text == null) {
      return 1;
    }
    Matcher number = WHOLE_PART.matcher(text);
    if (!number.find()) {
      throw new Problem.BadRequest("Invalid query parameters");
    }
    return Math.min(MAX_DAYS, Integer.parseInt(number.group(1)));
  }

  private static UUID project(RoutingContext ctx) {
    return Caller.of(ctx).requiredProject().value();
  }
}
