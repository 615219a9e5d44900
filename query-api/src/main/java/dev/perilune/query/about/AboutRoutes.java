package dev.perilune.query.about;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.http.Answer;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The name and the version of the API. */
public final class AboutRoutes {

  private static final String BANNER = "Perilune API v1";

  private final ApiKeys keys;
  private final Handler<RoutingContext> rateLimit;
  private final String version;

  public AboutRoutes(ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.keys = keys;
    this.rateLimit = rateLimit;
    this.version = builtVersion();
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    var privateKey = Authenticate.privateKey(keys);
    router
        .get("/v1/version")
        .handler(privateKey)
        .handler(rateLimit)
        .handler(ctx -> Answer.json(ctx, new JsonObject().put("version", version)));
    router
        .get("/v1")
        .handler(privateKey)
        .handler(rateLimit)
        .handler(
            ctx ->
                ctx.response().putHeader("Content-Type", "text/plain; charset=utf-8").end(BANNER));
  }

  /** What the build wrote beside this class. */
  private static String builtVersion() {
    try (InputStream version = AboutRoutes.class.getResourceAsStream("version.txt")) {
      if (version == null) {
        throw new IllegalStateException("version.txt is not part of this build");
      }
      return new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
