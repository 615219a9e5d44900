package dev.perilune.query.audit;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;

/** Shows an organisation its audit log. */
public final class AuditRoutes {

  private final ApiKeys keys;
  private final Handler<RoutingContext> rateLimit;
  private final AuditSql log;

  /**
   * @param rateLimit follows the check of the key
   * @param statementLimit how long one statement may take
   */
  public AuditRoutes(
      Database database, ApiKeys keys, Handler<RoutingContext> rateLimit, Duration statementLimit) {
    this.keys = keys;
    this.rateLimit = rateLimit;
    this.log = new AuditSql(database, statementLimit);
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    router
        .get("/v1/audit-logs")
        .handler(Authenticate.privateKey(keys))
        .handler(rateLimit)
        .handler(this::list);
  }

  private void list(RoutingContext ctx) {
    AuditQuery query = AuditQuery.of(ctx);
    UUID org = Caller.of(ctx).org();
    Future<AuditSql.Page> page =
        org == null
            ? Future.succeededFuture(new AuditSql.Page(new JsonArray(), 0))
            : log.page(org, query);
    page.compose(
            found -> {
              ctx.response().putHeader("X-Total-Count", Long.toString(found.total()));
              return Answer.json(ctx, found.entries());
            })
        .onFailure(ctx::fail);
  }
}
