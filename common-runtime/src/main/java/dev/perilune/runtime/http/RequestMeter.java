package dev.perilune.runtime.http;

import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Times each request from its first handler to the end of its answer. Routes are told by their
 * template, never by the path asked for, so that ids do not become series. One per event loop: its
 * table of timers needs no lock.
 */
final class RequestMeter implements Handler<RoutingContext> {

  private record Series(HttpMethod method, String route, int status) {}

  private final Meters meters;
  private final Map<Series, Timer> timers = new HashMap<>();

  RequestMeter(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void handle(RoutingContext ctx) {
    long startedNanos = System.nanoTime();
    ctx.addEndHandler(done -> record(ctx, System.nanoTime() - startedNanos));
    ctx.next();
  }

  private void record(RoutingContext ctx, long nanos) {
    Route route = ctx.currentRoute();
    String name = route == null || route.getPath() == null ? "other" : route.getPath();
    // a client may invent methods; only the usual ones become series
    HttpMethod method =
        HttpMethod.values().contains(ctx.request().method()) ? ctx.request().method() : OTHER;
    timers
        .computeIfAbsent(new Series(method, name, ctx.response().getStatusCode()), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Series series) {
    return meters.timer(
        Meter.HTTP_REQUESTS,
        "method",
        series.method().name(),
        "route",
        series.route(),
        "status",
        Integer.toString(series.status()));
  }

  private static final HttpMethod OTHER = HttpMethod.valueOf("OTHER");
}
