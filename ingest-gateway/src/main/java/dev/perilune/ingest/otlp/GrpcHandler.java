package dev.perilune.ingest.otlp;

import dev.perilune.ingest.body.BodyReader;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * OTLP over gRPC: three methods that each take one message and return one. Spoken by hand, so that
 * a message is read within the same limits as any other body.
 */
final class GrpcHandler {
  private final BodyReader bodies;
  private final ApiKeys keys;
  private final Exports exports;
  private final Counter bodyBytes;

  GrpcHandler(BodyReader bodies, ApiKeys keys, Exports exports, Meters meters) {
    this.bodies = bodies;
    this.keys = keys;
    this.exports = exports;
    this.bodyBytes = meters.counter(Meter.INGEST_BYTES);
  }

  void mount(Router router) {
    for (Signal signal : Signal.values()) {
      router.post(signal.grpcPath()).handler(ctx -> export(ctx, signal));
    }
    router
        .route()
        .handler(
            ctx ->
                GrpcAnswer.refused(
                    ctx, Refusal.of(405, "This port serves the Export methods of OTLP alone")));
  }

  private void export(RoutingContext ctx, Signal signal) {
    HttpServerRequest request = ctx.request();
    String type = request.getHeader("content-type");
    if (type == null || !type.startsWith(GrpcAnswer.CONTENT_TYPE)) {
      ctx.response().setStatusCode(415).end();
      return;
    }
    Context context = ctx.vertx().getOrCreateContext();
    // bytes that arrive while nobody listens would be lost
    request.pause();
    OtlpCaller.of(request.headers(), keys)
        .compose(
            origin -> {
              Future<byte[]> body = bodies.readMessage(ctx);
              request.resume();
              return body.compose(
                  bytes -> {
                    bodyBytes.increment(bytes.length);
                    return exports.take(context, origin, signal, Format.PROTOBUF, bytes);
                  });
            })
        .onSuccess(tally -> GrpcAnswer.taken(ctx, tally))
        .onFailure(
            failure -> {
              if (!request.isEnded()) {
                request.resume();
              }
              GrpcAnswer.refused(ctx, Refusal.of(failure));
            });
  }
}
