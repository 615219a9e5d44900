package dev.perilune.ingest.otlp;

import dev.perilune.ingest.body.BodyReader;
import dev.perilune.ingest.body.ByteBudget;
import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.BindException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes spans, log records and metrics of OpenTelemetry's exporters, over HTTP and over gRPC. */
public final class OtlpDoor {
  private static final Logger log = LoggerFactory.getLogger(OtlpDoor.class);

  private final BodyReader bodies;
  private final ApiKeys keys;
  private final Exports exports;
  private final Meters meters;
  private @Nullable GrpcServer grpc;

  private OtlpDoor(BodyReader bodies, ApiKeys keys, Exports exports, Meters meters) {
    this.bodies = bodies;
    this.keys = keys;
    this.exports = exports;
    this.meters = meters;
  }

  /**
   * What the door may take.
   *
   * @param budget bytes that all requests of the gateway may hold together
   * @param inFlightBytes the same as a number: no body may be larger
   * @param maxItems spans or records of one request
   */
  public record Limits(
      OtlpSettings settings, ByteBudget budget, long inFlightBytes, int maxItems) {}

  /**
   * Opens the door; HTTP needs {@link #mount} besides.
   *
   * @return fails with {@link IllegalStateException} when a port for gRPC was asked for that cannot
   *     be had; one that nobody asked for is done without
   */
  public static Future<OtlpDoor> open(
      Vertx vertx, Limits limits, ApiKeys keys, EventIntake intake, Meters meters) {
    OtlpSettings settings = limits.settings;
    int maxBodyBytes = (int) Math.min(settings.maxBodyBytes(), limits.inFlightBytes);
    BodyReader bodies = new BodyReader(maxBodyBytes, limits.budget);
    Exports exports = new Exports(new OtlpIntake(intake, keys), settings, limits.maxItems);
    OtlpDoor door = new OtlpDoor(bodies, keys, exports, meters);
    if (settings.grpcPort() == null) {
      return Future.succeededFuture(door);
    }
    return GrpcServer.start(vertx, settings, () -> new GrpcHandler(bodies, keys, exports, meters))
        .map(server -> door.with(server))
        .recover(cause -> door.without(settings, cause));
  }

  private OtlpDoor with(GrpcServer server) {
    grpc = server;
    return this;
  }

  private Future<OtlpDoor> without(OtlpSettings settings, Throwable cause) {
    if (!(cause instanceof BindException)) {
      return Future.failedFuture(cause);
    }
    String text =
        "Cannot listen for gRPC on "
            + settings.host()
            + ":"
            + settings.grpcPort()
            + ": the port is in use or not ours. Choose another with PERILUNE_OTLP_GRPC_PORT";
    if (settings.portIsWanted()) {
      return Future.failedFuture(new IllegalStateException(text, cause));
    }
    log.warn("{}; until then OTLP is taken over HTTP alone", text);
    return Future.succeededFuture(this);
  }

  /** Adds the routes of HTTP; to be called once for each event loop. */
  public void mount(Router router) {
    new OtlpHandler(bodies, keys, exports, meters).mount(router);
  }

  /** Stops listening for gRPC. */
  public Future<Void> close() {
    GrpcServer server = grpc;
    return server == null ? Future.succeededFuture() : server.close();
  }
}
