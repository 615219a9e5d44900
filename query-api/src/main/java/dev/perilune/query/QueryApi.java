package dev.perilune.query;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/** The query service: Postgres in, HTTP out. Shares the server and the database it is given. */
public final class QueryApi {

  private final Vertx vertx;
  private final QueryRoutes routes;

  private QueryApi(Vertx vertx, QueryRoutes routes) {
    this.vertx = vertx;
    this.routes = routes;
  }

  /** Starts the service; it works as soon as the database does. */
  public static Future<QueryApi> start(
      Vertx vertx,
      QuerySettings settings,
      Database database,
      ApiKeys keys,
      Health health,
      Meters meters) {
    health.register("postgres", database::isUp);
    return Future.succeededFuture(
        new QueryApi(vertx, new QueryRoutes(vertx, settings, database, keys, meters)));
  }

  /** Adds the routes to the router of one event loop. */
  public void mount(Router router) {
    routes.mount(router);
  }

  /** Ends the streams; the server and the database belong to whoever started it. */
  public Future<Void> close() {
    return vertx.executeBlocking(
        () -> {
          routes.close();
          return null;
        });
  }
}
