package dev.perilune.query.resource;

import dev.perilune.query.resource.Resource.Operation;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves a collection: {@code /v1/path} and {@code /v1/path/:id}, for private keys. */
public final class ResourceRoutes {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int MOST_ROWS = 1_000;

  private final Handler<RoutingContext> privateKey;
  private final Handler<RoutingContext> rateLimit;
  private final Resource resource;
  private final ResourceSql sql;

  public ResourceRoutes(
      Database database, ApiKeys keys, Handler<RoutingContext> rateLimit, Resource resource) {
    this.privateKey = Authenticate.privateKey(keys);
    this.rateLimit = rateLimit;
    this.resource = resource;
    this.sql = new ResourceSql(database, resource);
  }

  /** For the handlers that a collection has of its own. */
  public ResourceSql sql() {
    return sql;
  }

  /** Adds the operations that the collection leaves to the kit. */
  public void mount(Router router) {
    String all = "/v1/" + resource.path();
    for (Operation operation : resource.operations()) {
      switch (operation) {
        case LIST -> serve(router, HttpMethod.GET, all, this::list);
        case READ -> serve(router, HttpMethod.GET, all + "/:id", this::read);
        case CREATE -> serve(router, HttpMethod.POST, all, this::create);
        case PATCH -> serve(router, HttpMethod.PATCH, all + "/:id", this::patch);
        case DELETE -> serve(router, HttpMethod.DELETE, all + "/:id", this::delete);
      }
    }
  }

  /** Adds a route behind the same doors; a body is read where the method has one. */
  public void serve(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    serve(router, privateKey, rateLimit, method, path, handler);
  }

  /** The same behind another door. */
  public static void serve(
      Router router,
      Handler<RoutingContext> door,
      Handler<RoutingContext> rateLimit,
      HttpMethod method,
      String path,
      Handler<RoutingContext> handler) {
    var route = router.route(method, path).handler(door).handler(rateLimit);
    if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PATCH)) {
      // as a plain handler: the router wants body handlers first, but who may not gets no body read
      BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
      route.handler(body::handle);
    }
    route.handler(handler);
  }

  private void list(RoutingContext ctx) {
    int limit = Params.integer(ctx, "limit", MOST_ROWS, 1, MOST_ROWS);
    int page = Params.integer(ctx, "page", 0, 0, Integer.MAX_VALUE);
    List<@Nullable String> narrowedTo =
        resource.narrowing().map(column -> Params.text(ctx, column.field())).toList();
    answer(ctx, sql.list(Caller.of(ctx), narrowedTo, limit, page));
  }

  private void read(RoutingContext ctx) {
    answer(ctx, sql.read(Caller.of(ctx), Params.pathUuid(ctx, "id")));
  }

  private void create(RoutingContext ctx) {
    ResourceBody body = ResourceBody.of(ctx);
    var values = body.created(resource.settable());
    body.checked();
    answer(ctx, sql.create(ctx, values));
  }

  private void patch(RoutingContext ctx) {
    ResourceBody body = ResourceBody.of(ctx);
    var values = body.changed(resource.settable());
    body.checked();
    answer(ctx, sql.patch(ctx, Params.pathUuid(ctx, "id"), values));
  }

  /** Deleting what is not there is no failure. */
  private void delete(RoutingContext ctx) {
    answer(ctx, sql.delete(ctx, Params.pathUuid(ctx, "id")).map(row -> Buffer.buffer("{}")));
  }

  private static void answer(RoutingContext ctx, Future<Buffer> json) {
    json.compose(body -> Answer.json(ctx, body)).onFailure(ctx::fail);
  }
}
