package dev.perilune.ingest;

import dev.perilune.ingest.body.BodyReader;
import dev.perilune.ingest.body.ByteBudget;
import dev.perilune.ingest.events.IngestHandler;
import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.ingest.intake.EventPublisher;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * Takes events by HTTP and hands them to Kafka. Needs Kafka and nothing else: keys that it has seen
 * keep working while Postgres is away.
 */
public final class IngestGateway {

  private final IngestSettings settings;
  private final ApiKeys keys;
  private final Meters meters;
  private final EventPublisher publisher;
  private final EventIntake intake;
  private final BodyReader bodies;

  private IngestGateway(
      IngestSettings settings, ApiKeys keys, Meters meters, EventPublisher publisher) {
    ByteBudget budget = new ByteBudget(settings.inFlightBytes());
    this.settings = settings;
    this.keys = keys;
    this.meters = meters;
    this.publisher = publisher;
    this.intake = new EventIntake(publisher, meters);
    this.bodies = new BodyReader(settings.maxBodyBytes(), budget);
    meters.gauge(Meter.INGEST_IN_FLIGHT, budget::held);
  }

  /**
   * Starts connecting to Kafka in the background and registers the health part {@code kafka}.
   * Events sent before the broker is there are answered 503.
   */
  public static Future<IngestGateway> start(
      Vertx vertx, IngestSettings settings, ApiKeys keys, Health health, Meters meters) {
    EventPublisher publisher =
        EventPublisher.start(
            vertx,
            new EventPublisher.Options(
                settings.kafka(), settings.maxBodyBytes(), settings.brokerSilence()),
            meters);
    health.register("kafka", publisher::isUp);
    return Future.succeededFuture(new IngestGateway(settings, keys, meters, publisher));
  }

  /** Adds the routes; to be called once for each event loop. */
  public void mount(Router router) {
    IngestRoutes.mount(
        router, keys, new IngestHandler(bodies, keys, intake, meters, settings.maxEvents()));
  }

  /** Sends what is waiting and lets go of the broker, within some six seconds. */
  public Future<Void> close() {
    return publisher.close();
  }
}
