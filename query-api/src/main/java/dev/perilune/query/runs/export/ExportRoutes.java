package dev.perilune.query.runs.export;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** All runs that match a query as one file. */
public final class ExportRoutes {

  /** Exports at a time, each of which has a connection of its own. */
  static final int MOST = 4;

  private final Vertx vertx;
  private final Database database;
  private final ApiKeys keys;
  private final Handler<RoutingContext> rateLimit;
  private final AtomicInteger running = new AtomicInteger();

  public ExportRoutes(
      Vertx vertx, Database database, ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.vertx = vertx;
    this.database = database;
    this.keys = keys;
    this.rateLimit = rateLimit;
  }

  /** Adds the route to one event loop's router; before that of a single run. */
  public void mount(Router router) {
    router
        .get("/v1/runs/export")
        .handler(Authenticate.privateKey(keys))
        .handler(rateLimit)
        .handler(this::export);
  }

  private void export(RoutingContext ctx) {
    ExportQuery query = ExportQuery.of(ctx.request().query());
    if (running.incrementAndGet() > MOST) {
      running.decrementAndGet();
      throw new Problem.Unavailable(
          MOST + " exports are under way; try again when one has ended", Duration.ofSeconds(10));
    }
    ExportSql.open(database, Caller.of(ctx), query)
        .compose(
            runs -> {
              if (ctx.response().closed()) {
                return runs.close();
              }
              ExportWriter writer = writer(query);
              return new Export(vertx, runs, query.format(), writer, ctx.response()).send();
            })
        .onComplete(done -> running.decrementAndGet())
        .onFailure(ctx::fail);
  }

  private static ExportWriter writer(ExportQuery query) {
    try {
      return query.format().writer(query.kind());
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
  }
}
