package dev.perilune.ingest;

import dev.perilune.ingest.body.BodyReader;
import dev.perilune.ingest.body.ByteBudget;
import dev.perilune.ingest.events.IngestHandler;
import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.ingest.intake.EventPublisher;
import dev.perilune.ingest.otlp.OtlpDoor;
import dev.perilune.ingest.redact.Redaction;
import dev.perilune.ingest.redact.RuleBook;
import dev.perilune.ingest.topic.KafkaDoor;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.runtime.rules.IngestionRuleSql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/**
 * Takes events by HTTP and from the topic for producers, and hands them to Kafka. Needs Kafka and
 * nothing else: keys that it has seen keep working while Postgres is away.
 */
public final class IngestGateway {

  private final IngestSettings settings;
  private final ApiKeys keys;
  private final Meters meters;
  private final RuleBook rules;
  private final EventPublisher publisher;
  private final EventIntake intake;
  private final BodyReader bodies;
  private final @Nullable KafkaDoor door;
  private final Future<OtlpDoor> otlp;

  private IngestGateway(
      Vertx vertx,
      IngestSettings settings,
      ApiKeys keys,
      RuleBook rules,
      Meters meters,
      EventPublisher publisher) {
    ByteBudget budget = new ByteBudget(settings.inFlightBytes());
    this.settings = settings;
    this.keys = keys;
    this.rules = rules;
    this.meters = meters;
    this.publisher = publisher;
    Redaction redaction = new Redaction(rules);
    this.intake = new EventIntake(publisher, redaction, meters);
    this.bodies = new BodyReader(settings.maxBodyBytes(), budget);
    KafkaDoor.Options options =
        new KafkaDoor.Options(settings.kafka(), settings.maxBodyBytes(), settings.maxEvents());
    this.door =
        settings.kafkaDoor()
            ? KafkaDoor.start(vertx, options, keys, intake, redaction, meters)
            : null;
    this.otlp =
        OtlpDoor.open(
            vertx,
            new OtlpDoor.Limits(
                settings.otlp(), budget, settings.inFlightBytes(), settings.maxEvents()),
            keys,
            intake,
            meters);
    meters.gauge(Meter.INGEST_IN_FLIGHT, budget::held);
  }

  /**
   * Starts connecting to Kafka in the background and registers the health parts {@code kafka},
   * {@code rules}, which is up once the ingestion rules were read, and {@code kafka-door}. Events
   * sent before the first two are there are answered 503.
   */
  public static Future<IngestGateway> start(
      Vertx vertx,
      IngestSettings settings,
      Database database,
      ApiKeys keys,
      Health health,
      Meters meters) {
    RuleBook rules = RuleBook.start(vertx, new IngestionRuleSql(database)::all);
    EventPublisher publisher =
        EventPublisher.start(
            vertx,
            new EventPublisher.Options(
                settings.kafka(), settings.maxBodyBytes(), settings.brokerSilence()),
            meters);
    health.register("kafka", publisher::isUp);
    health.register("rules", () -> Future.succeededFuture(rules.isLoaded()));
    IngestGateway gateway = new IngestGateway(vertx, settings, keys, rules, meters, publisher);
    KafkaDoor door = gateway.door;
    if (door != null) {
      health.register("kafka-door", () -> Future.succeededFuture(door.isReading()));
    }
    return gateway.otlp.map(open -> gateway).onFailure(closed -> gateway.close());
  }

  /** Adds the routes; to be called once for each event loop. */
  public void mount(Router router) {
    IngestRoutes.mount(
        router, keys, new IngestHandler(bodies, keys, intake, meters, settings.maxEvents()));
    otlp.result().mount(router);
  }

  /** Sends what is waiting and lets go of the broker, within some eight seconds. */
  public Future<Void> close() {
    Future<Void> read = door == null ? Future.succeededFuture() : door.close();
    return otlp.compose(OtlpDoor::close)
        .otherwiseEmpty()
        .eventually(() -> read)
        .eventually(publisher::close)
        .onComplete(done -> rules.close());
  }
}
