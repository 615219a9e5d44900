package dev.perilune.ingest.events;

import dev.perilune.ingest.body.BodyReader;
import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.ingest.intake.IngestResult;
import dev.perilune.ingest.intake.Origin;
import dev.perilune.ingest.intake.Origins;
import dev.perilune.model.RunIds;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * The JSON door. Small bodies are read where they arrive; large ones on a worker, so that the other
 * clients of the event loop do not wait for them. One for each event loop.
 */
public final class IngestHandler {

  /** A larger body keeps a core busy for ten milliseconds and more. */
  private static final int INLINE_BYTES = 1 << 20;

  private final BodyReader bodies;
  private final ApiKeys keys;
  private final EventIntake intake;
  private final Counter bodyBytes;
  private final int maxEvents;
  private final EventReader reader;

  /**
   * @param maxEvents of one request
   */
  public IngestHandler(
      BodyReader bodies, ApiKeys keys, EventIntake intake, Meters meters, int maxEvents) {
    this.bodies = bodies;
    this.keys = keys;
    this.intake = intake;
    this.bodyBytes = meters.counter(Meter.INGEST_BYTES);
    this.maxEvents = maxEvents;
    this.reader = new EventReader(maxEvents);
  }

  /** {@code POST /v1/runs/ingest}: events of the caller's project. */
  public void ingest(RoutingContext ctx) {
    Caller caller = Caller.of(ctx);
    if (caller.project() == null || caller.key() == null) {
      throw new Problem.NoProject();
    }
    Origin origin = new Origin(caller.project(), caller.key());
    Request request = new Request(ctx, ctx.vertx().getOrCreateContext());
    bodies
        .read(ctx)
        .compose(body -> events(request, body))
        .compose(events -> accept(request, origin, events))
        .onSuccess(result -> IngestAnswer.wrapped(ctx, result))
        .onFailure(ctx::fail);
  }

  /** {@code POST /api/report}: the first event names the project; no credential. */
  public void report(RoutingContext ctx) {
    Request request = new Request(ctx, ctx.vertx().getOrCreateContext());
    bodies
        .read(ctx)
        .compose(body -> events(request, body))
        .compose(events -> namedBy(events).compose(origin -> accept(request, origin, events)))
        .onSuccess(result -> IngestAnswer.bare(ctx, result))
        .onFailure(ctx::fail);
  }

  /** One request on its way; {@code large} once its body is known to need a worker. */
  private static final class Request {
    private final RoutingContext ctx;
    private final Context context;
    private boolean large;

    Request(RoutingContext ctx, Context context) {
      this.ctx = ctx;
      this.context = context;
    }

    <T> Future<T> run(Callable<T> work) {
      if (large) {
        return context.executeBlocking(work, false);
      }
      try {
        return Future.succeededFuture(work.call());
      } catch (Exception failure) {
        return Future.failedFuture(failure);
      }
    }
  }

  private Future<List<IncomingEvent>> events(Request request, byte[] body) {
    bodyBytes.increment(body.length);
    request.large = body.length > INLINE_BYTES;
    // a reader belongs to one thread
    EventReader own = request.large ? new EventReader(maxEvents) : reader;
    String contentType = request.ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return request.run(() -> EventsBody.read(own, contentType, body));
  }

  private Future<IngestResult> accept(Request request, Origin origin, List<IncomingEvent> events) {
    Future<Origins> origins = Origins.of(origin, events, keys);
    // what is known already is not composed: a mapper would hold the events until the broker has
    // them, and with all requests that wait they would be most of the memory
    return origins.succeeded()
        ? accept(request, events, origins.result())
        : origins.compose(found -> accept(request, events, found));
  }

  private Future<IngestResult> accept(
      Request request, List<IncomingEvent> events, Origins origins) {
    return request
        .run(() -> intake.accept(request.context, events, origins))
        .compose(accepted -> accepted);
  }

  private Future<Origin> namedBy(List<IncomingEvent> events) {
    if (events.isEmpty()) {
      throw new Problem.BadRequest(EventsBody.MISSING);
    }
    UUID named = RunIds.parseUuid(events.get(0).projectHint());
    if (named == null) {
      throw new Problem.NoProject();
    }
    return keys.find(named)
        .map(
            found ->
                found
                    .filter(caller -> caller.project() != null)
                    .map(caller -> new Origin(caller.requiredProject(), named))
                    .orElseThrow(() -> new Problem.Unauthenticated("This project does not exist")));
  }
}
