package dev.perilune.query.openapi;

import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves the description of every route, and a page to read it; no key, nothing from elsewhere. */
public final class OpenApiRoutes {

  private static final String SWAGGER = "/META-INF/resources/webjars/swagger-ui/%s/";

  /** What the page is made of, with the type of each file. */
  private static final Map<String, String> FILES =
      Map.of(
          "docs.js", "text/javascript; charset=utf-8",
          "docs.css", "text/css; charset=utf-8",
          "swagger-ui.css", "text/css; charset=utf-8",
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8");

  private final Buffer document;
  private final Buffer page;
  private final String swagger;

  public OpenApiRoutes() {
    document = Buffer.buffer(OpenApiDocument.load().toString());
    page = required("docs.html");
    swagger = SWAGGER.formatted(required("swagger-ui.version").toString().strip());
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    router.get("/v1/openapi").handler(ctx -> Answer.json(ctx, document));
    router
        .get("/v1/openapi/docs")
        .handler(
            ctx ->
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                    .putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
                            + " data:")
                    .end(page));
    router.get("/v1/openapi/docs/:file").handler(this::file);
  }

  private void file(RoutingContext ctx) {
    String name = Params.pathText(ctx, "file");
    String type = FILES.get(name);
    if (type == null) {
      throw new Problem.NotFound();
    }
    // from a jar, which takes its time
    ctx.vertx()
        .executeBlocking(() -> required(name.startsWith("docs") ? name : swagger + name))
        .compose(
            content ->
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    // ours change with every build without changing their names
                    .putHeader(
                        HttpHeaders.CACHE_CONTROL,
                        name.startsWith("docs") ? "no-cache" : "public, max-age=3600")
                    .end(content))
        .onFailure(ctx::fail);
  }

  private static Buffer required(String name) {
    Buffer content = read(name);
    if (content == null) {
      throw new IllegalStateException(name + " is not part of this build");
    }
    return content;
  }

  private static @Nullable Buffer read(String name) {
    try (InputStream in = OpenApiRoutes.class.getResourceAsStream(name)) {
      return in == null ? null : Buffer.buffer(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
