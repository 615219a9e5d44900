package dev.perilune.query;

import dev.perilune.query.about.AboutRoutes;
import dev.perilune.query.runs.RunRoutes;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.limit.RateLimit;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Every feature of this service, one line each. */
final class QueryRoutes {

  private final AboutRoutes about;
  private final RunRoutes runs;

  QueryRoutes(QuerySettings settings, Database database, ApiKeys keys) {
    Handler<RoutingContext> rateLimit = RateLimit.of(settings.rate());
    about = new AboutRoutes(keys, rateLimit);
    runs = new RunRoutes(database, keys, rateLimit, settings.statementLimit());
  }

  void mount(Router router) {
    about.mount(router);
    runs.mount(router);
  }
}
