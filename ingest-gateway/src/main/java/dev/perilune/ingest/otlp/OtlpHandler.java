package dev.perilune.ingest.otlp;

import dev.perilune.ingest.body.BodyReader;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over HTTP, at the paths that exporters make of the addresses that users give them. Answers
 * in the format of the request, errors too, as
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response wants them.
 */
public final class OtlpHandler {
  private static final Map<Signal, List<String>> PATHS =
      Map.of(
          Signal.TRACES,
          List.of("/v1/traces", "/v1/otel/v1/traces", "/v1/otel", "/v1/otel/traces"),
          Signal.LOGS,
          List.of("/v1/logs", "/v1/otel/v1/logs"),
          Signal.METRICS,
          List.of("/v1/metrics", "/v1/otel/v1/metrics"));

  private static final String ANY_SIGNAL = "/v1/otel";
  private static final Set<String> ENCODINGS = Set.of("", "identity", "gzip", "x-gzip", "deflate");

  private final BodyReader bodies;
  private final ApiKeys keys;
  private final Exports exports;
  private final Counter bodyBytes;

  OtlpHandler(BodyReader bodies, ApiKeys keys, Exports exports, Meters meters) {
    this.bodies = bodies;
    this.keys = keys;
    this.exports = exports;
    this.bodyBytes = meters.counter(Meter.INGEST_BYTES);
  }

  /** Adds the routes. */
  public void mount(Router router) {
    PATHS.forEach(
        (signal, paths) -> {
          for (String path : paths) {
            router.post(path).handler(ctx -> export(ctx, signal, path.equals(ANY_SIGNAL)));
            router.route(path).handler(OtlpHandler::otherMethod);
          }
        });
  }

  private static void otherMethod(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.ALLOW, "POST, OPTIONS");
    if (ctx.request().method() == HttpMethod.OPTIONS) {
      ctx.response().setStatusCode(204).end();
    } else {
      refuse(ctx, Refusal.of(405, "OTLP is sent with POST"));
    }
  }

  private void export(RoutingContext ctx, Signal signal, boolean anySignal) {
    HttpServerRequest request = ctx.request();
    Context context = ctx.vertx().getOrCreateContext();
    // bytes that arrive while nobody listens would be lost
    request.pause();
    OtlpCaller.of(request.headers(), keys)
        .compose(
            origin -> {
              Format format = format(request);
              Future<byte[]> body = bodies.read(ctx);
              request.resume();
              return body.compose(
                  bytes -> {
                    bodyBytes.increment(bytes.length);
                    Signal meant =
                        anySignal && format == Format.JSON ? SignalOf.json(bytes) : signal;
                    return exports.take(context, origin, meant, format, checked(format, bytes));
                  });
            })
        .onSuccess(tally -> answer(ctx, tally))
        .onFailure(
            failure -> {
              if (!request.isEnded()) {
                request.resume();
              }
              refuse(ctx, Refusal.of(failure));
            });
  }

  private static byte[] checked(Format format, byte[] body) {
    if (format == Format.JSON && body.length == 0) {
      throw new Problem.BadRequest("The body must be a JSON object, as OTLP/JSON says");
    }
    return body;
  }

  private static Format format(HttpServerRequest request) {
    Format format = Format.of(request.getHeader(HttpHeaders.CONTENT_TYPE));
    if (format == null) {
      throw new UnknownMedia("Content-Type must be application/x-protobuf or application/json");
    }
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !ENCODINGS.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
      throw new UnknownMedia("Content-Encoding must be gzip, deflate or identity");
    }
    return format;
  }

  private static void answer(RoutingContext ctx, Tally tally) {
    Format format = answerFormat(ctx);
    end(ctx, 200, format, format.taken(tally));
  }

  private static void refuse(RoutingContext ctx, Refusal refusal) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    refusal.headers().forEach(response::putHeader);
    Format format = answerFormat(ctx);
    end(ctx, refusal.status(), format, format.status(refusal.code().number(), refusal.text()));
  }

  private static void end(RoutingContext ctx, int status, Format format, Buffer body) {
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, format.contentType())
        .end(body);
  }

  private static Format answerFormat(RoutingContext ctx) {
    @Nullable Format format = Format.of(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE));
    return format == null ? Format.JSON : format;
  }
}
