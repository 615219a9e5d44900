package dev.perilune.query;

import dev.perilune.query.about.AboutRoutes;
import dev.perilune.query.runs.RunRoutes;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.db.Database;
import io.vertx.ext.web.Router;

/** Every feature of this service, one line each. */
final class QueryRoutes {

  private final AboutRoutes about;
  private final RunRoutes runs;

  QueryRoutes(QuerySettings settings, Database database, ApiKeys keys) {
    about = new AboutRoutes(keys);
    runs = new RunRoutes(database, keys, settings.statementLimit());
  }

  void mount(Router router) {
    about.mount(router);
    runs.mount(router);
  }
}
