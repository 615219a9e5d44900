package dev.perilune.runtime.http;

import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One HTTP port, served by several event loops, each with a router of its own. Adds to the routes
 * it is given: cross-origin headers, health, meters, error bodies and the 404 of unknown routes.
 * Never redirects, since SDKs lose their events on a redirect.
 */
public final class HttpService {

  /** How long {@link #close()} waits for requests under way. */
  private static final int DRAIN_SECONDS = 5;

  private static final int IDLE_SECONDS = 120;
  private static final int MAX_REQUEST_LINE_BYTES = 64 * 1024;
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final Vertx vertx;
  private final String deploymentId;
  private final int port;

  private HttpService(Vertx vertx, String deploymentId, int port) {
    this.vertx = vertx;
    this.deploymentId = deploymentId;
    this.port = port;
  }

  /**
   * Starts listening.
   *
   * @param routes called once for each event loop, with that loop's router
   * @return fails with {@link IllegalStateException} that names the setting when the port is taken
   */
  public static Future<HttpService> start(
      Vertx vertx, HttpSettings settings, Health health, Meters meters, Consumer<Router> routes) {
    Queue<Integer> ports = new ConcurrentLinkedQueue<>();
    return vertx
        .deployVerticle(
            () -> new Instance(settings, router -> fill(router, health, meters, routes), ports),
            new DeploymentOptions().setInstances(settings.threads()))
        .map(id -> new HttpService(vertx, id, ports.element()))
        .recover(cause -> Future.failedFuture(explained(settings, cause)));
  }

  /** The port listened on, also when the setting was 0. */
  public int port() {
    return port;
  }

  /** Stops listening, lets requests under way finish for up to five seconds, closes the rest. */
  public Future<Void> close() {
    return vertx.undeploy(deploymentId);
  }

  private static void fill(Router router, Health health, Meters meters, Consumer<Router> routes) {
    for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
      router.errorHandler(status, new ProblemHandler(status));
    }
    router
        .route()
        .handler(new RequestMeter(meters))
        .handler(new Cors())
        .failureHandler(new ProblemHandler(500));
    new OpsRoutes(health, meters).mount(router);
    routes.accept(router);
    router.route().last().handler(ctx -> ctx.fail(new Problem.NotFound()));
  }

  private static Throwable explained(HttpSettings settings, Throwable cause) {
    if (!(cause instanceof BindException)) {
      return cause;
    }
    return new IllegalStateException(
        "Cannot listen on "
            + settings.host()
            + ":"
            + settings.port()
            + ": the port is in use or not ours. Choose another with PERILUNE_PORT",
        cause);
  }

  /** One event loop's server. */
  private static final class Instance extends VerticleBase {

    private final HttpSettings settings;
    private final Consumer<Router> routes;
    private final Queue<Integer> ports;
    private HttpServer server;

    Instance(HttpSettings settings, Consumer<Router> routes, Queue<Integer> ports) {
      this.settings = settings;
      this.routes = routes;
      this.ports = ports;
    }

    @Override
    public Future<?> start() {
      Router router = Router.router(vertx);
      routes.accept(router);
      server = vertx.createHttpServer(options()).requestHandler(router);
      return server.listen().onSuccess(listening -> ports.add(listening.actualPort()));
    }

    @Override
    public Future<?> stop() {
      return server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    private HttpServerOptions options() {
      return new HttpServerOptions()
          .setHost(settings.host())
          // a negative port is a free one that all instances of a deployment share
          .setPort(settings.port() == 0 ? -1 : settings.port())
          .setIdleTimeout(IDLE_SECONDS)
          .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
          .setMaxHeaderSize(MAX_HEADER_BYTES)
          // one protocol, one way to drain and to push back
          .setHttp2ClearTextEnabled(false)
          // bodies are inflated by whoever reads them, with a limit on what comes out
          .setDecompressionSupported(false)
          .setCompressionSupported(true)
          .setCompressionLevel(1)
          .setCompressionContentSizeThreshold(4096);
    }
  }
}
