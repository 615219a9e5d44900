package dev.perilune.ingest.otlp;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The port of OTLP over gRPC: HTTP/2 without encryption, served by several event loops. */
final class GrpcServer {
  private static final int DRAIN_SECONDS = 1;
  private static final int IDLE_SECONDS = 600;

  /** A free port that all instances share, but not with HTTP's, which are those of -1. */
  private static final int FREE_PORT = -2;

  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final Vertx vertx;
  private final String deploymentId;

  private GrpcServer(Vertx vertx, String deploymentId) {
    this.vertx = vertx;
    this.deploymentId = deploymentId;
  }

  /**
   * Starts listening.
   *
   * @param handlers makes the handler of one event loop
   */
  static Future<GrpcServer> start(
      Vertx vertx, OtlpSettings settings, Supplier<GrpcHandler> handlers) {
    return vertx
        .deployVerticle(
            () -> new Instance(settings, handlers.get()),
            new DeploymentOptions().setInstances(settings.threads()))
        .map(id -> new GrpcServer(vertx, id));
  }

  Future<Void> close() {
    return vertx.undeploy(deploymentId);
  }

  /** One event loop's server. */
  private static final class Instance extends VerticleBase {
    private final OtlpSettings settings;
    private final GrpcHandler handler;
    private HttpServer server;

    Instance(OtlpSettings settings, GrpcHandler handler) {
      this.settings = settings;
      this.handler = handler;
    }

    @Override
    public Future<?> start() {
      Router router = Router.router(vertx);
      handler.mount(router);
      server = vertx.createHttpServer(options()).requestHandler(router);
      return server.listen();
    }

    @Override
    public Future<?> stop() {
      return server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    private HttpServerOptions options() {
      int port = Objects.requireNonNull(settings.grpcPort());
      return new HttpServerOptions()
          .setHost(settings.host())
          .setPort(port == 0 ? FREE_PORT : port)
          .setIdleTimeout(IDLE_SECONDS)
          .setMaxHeaderSize(MAX_HEADER_BYTES)
          .setHttp2ClearTextEnabled(true)
          .setDecompressionSupported(false);
    }
  }
}
