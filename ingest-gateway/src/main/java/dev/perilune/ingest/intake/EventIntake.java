package dev.perilune.ingest.intake;

import dev.perilune.ingest.redact.Redaction;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The one line that events of every door go through: order, redact, check, publish, and one outcome
 * for each. What cannot be taken is refused alone; its neighbours are not touched.
 */
public final class EventIntake {

  /** Runtimes whose ids are derived already, so that no alias is needed. */
  private static final Set<String> PYTHON_RUNTIMES = Set.of("lunary-py", "langchain-py", "litellm");

  private final EventPublisher publisher;
  private final Redaction redaction;
  private final Counter accepted;
  private final Counter unreadable;
  private final Counter incomplete;
  private final Counter tooManyProjects;
  private final Counter tooLarge;

  public EventIntake(EventPublisher publisher, Redaction redaction, Meters meters) {
    this.publisher = publisher;
    this.redaction = redaction;
    this.accepted = meters.counter(Meter.INGEST_ACCEPTED);
    this.unreadable = meters.counter(Meter.INGEST_REFUSED, "reason", "unreadable");
    this.incomplete = meters.counter(Meter.INGEST_REFUSED, "reason", "incomplete");
    this.tooManyProjects = meters.counter(Meter.INGEST_REFUSED, "reason", "too_many_projects");
    this.tooLarge = meters.counter(Meter.INGEST_REFUSED, "reason", "too_large");
  }

  /**
   * Takes the events of one request, received now.
   *
   * @param context of the request; the future completes there, whatever thread this is called on
   * @return completes when the broker has every event that can be taken; fails with {@code
   *     Problem.Unavailable} when it cannot be reached
   */
  public Future<IngestResult> accept(Context context, List<IncomingEvent> events, Origins origins) {
    return publish(
        context,
        prepared(events, origins),
        origins,
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }

  /** The events in the order in which they count, without what the projects' rules keep out. */
  public List<IncomingEvent> prepared(List<IncomingEvent> events, Origins origins) {
    return redaction.apply(EventOrder.byTime(events), origins.projects(), origins::projectOf);
  }

  /**
   * Takes events that are prepared and were received before: the same events received at the same
   * time are the same, however often they are taken.
   *
   * <p>What waits for the broker then holds nothing of the events, so that their bytes can go.
   *
   * @param receivedAtMicros microseconds since 1970
   */
  public Future<IngestResult> publish(
      Context context, List<IncomingEvent> prepared, Origins origins, long receivedAtMicros) {
    IngestResult result = IngestResult.of(prepared);
    int takeable = check(prepared, origins, result.refusals());
    if (takeable == 0) {
      return Future.succeededFuture(result);
    }
    Publication publication = publisher.begin(context, result.refusals());
    send(publication, prepared, origins, receivedAtMicros, result.refusals());
    publication.sealed();
    return publication
        .done()
        .map(
            receipt -> {
              accepted.increment(takeable);
              return result.with(receipt);
            });
  }

  private int check(List<IncomingEvent> events, Origins origins, @Nullable String[] refusals) {
    int takeable = 0;
    for (int i = 0; i < refusals.length; i++) {
      IncomingEvent event = events.get(i);
      refusals[i] = EventRules.refusal(event);
      if (refusals[i] != null) {
        (event.refusal() != null ? unreadable : incomplete).increment();
      } else if (origins.of(event) == null) {
        refusals[i] = "A request may name at most " + Origins.MOST_APP_IDS + " projects in appId";
        tooManyProjects.increment();
      } else {
        takeable++;
      }
    }
    return takeable;
  }

  private void send(
      Publication publication,
      List<IncomingEvent> events,
      Origins origins,
      long receivedAtMicros,
      @Nullable String[] refusals) {
    for (int i = 0; i < refusals.length; i++) {
      IncomingEvent event = events.get(i);
      Origin origin = refusals[i] == null ? origins.of(event) : null;
      if (origin == null) {
        continue;
      }
      byte[] value = envelope(event, origin, receivedAtMicros, i);
      if (value.length > publisher.maxEventBytes()) {
        refusals[i] =
            "An event may have at most "
                + publisher.maxEventBytes()
                + " bytes, this one has "
                + value.length;
        tooLarge.increment();
      } else if (!publisher.send(publication, i, key(event, origin), value)) {
        return;
      }
    }
  }

  private static byte[] envelope(
      IncomingEvent event, Origin origin, long receivedAtMicros, int position) {
    String runtime = event.runtime();
    boolean derivable =
        EventRules.isInConversation(event)
            && (runtime == null || !PYTHON_RUNTIMES.contains(runtime));
    return EventEnvelope.encode(
        origin.project(),
        receivedAtMicros,
        position,
        derivable ? origin.aliasesOf(event.runId()) : List.of(),
        derivable ? origin.aliasesOf(event.parentRunId()) : List.of(),
        event.json(),
        event.from(),
        event.length());
  }

  private static byte[] key(IncomingEvent event, Origin origin) {
    UUID id = EventRules.keyId(event);
    if (id == null) {
      // belongs to no run: any partition will do, but not always the same
      ThreadLocalRandom random = ThreadLocalRandom.current();
      id = new UUID(random.nextLong(), random.nextLong());
    }
    return Topics.key(origin.project(), id);
  }
}
