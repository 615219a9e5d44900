package dev.perilune.ingest.topic;

import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.ingest.intake.Origin;
import dev.perilune.ingest.intake.Origins;
import dev.perilune.ingest.redact.Redaction;
import dev.perilune.ingest.topic.DeadLetter.Kind;
import dev.perilune.model.EventTime;
import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.RefusedBody;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one record: whose it is, which events it holds, and on to the intake that all doors share.
 * For the door's thread alone, which may wait, always with a limit.
 */
final class RecordIntake {
  private static final Logger log = LoggerFactory.getLogger(RecordIntake.class);
  private static final long LOOK_UP_SECONDS = 10;
  private static final long MICROS_PER_MILLI = 1000;

  private final Context context;
  private final ApiKeys keys;
  private final EventIntake intake;
  private final Redaction redaction;
  private final EventReader reader;
  private final int maxBytes;

  RecordIntake(
      Context context,
      ApiKeys keys,
      EventIntake intake,
      Redaction redaction,
      int maxBytes,
      int maxEvents) {
    this.context = context;
    this.keys = keys;
    this.intake = intake;
    this.redaction = redaction;
    this.reader = new EventReader(maxEvents);
    this.maxBytes = maxBytes;
  }

  /**
   * Hands the record's events to the intake.
   *
   * @return completes with what cannot be taken when the broker has all the rest; fails with {@code
   *     Problem.Unavailable} when it cannot be reached
   * @throws Problem.Unavailable while nobody can say whose the record is
   */
  Future<List<DeadLetter>> take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    try {
      return takeOf(await(Authenticate.projectOf(headers(record), keys)), record);
    } catch (Problem.Unavailable away) {
      throw away;
    } catch (Problem refused) {
      return refused(
          new DeadLetter(Kind.CREDENTIAL, text(refused), record, 0, null, record.value()));
    }
  }

  private Future<List<DeadLetter>> takeOf(Caller caller, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    ProjectId project = caller.requiredProject();
    Origin origin = new Origin(project, Objects.requireNonNull(caller.key()));
    try {
      List<IncomingEvent> events = reader.readRecord(checked(record.value()));
      Origins origins = await(Origins.of(origin, events, keys));
      List<IncomingEvent> prepared = intake.prepared(events, origins);
      return intake
          .publish(context, prepared, origins, receivedAtMicros(record))
          .map(result -> new RefusedEvents(record, prepared, origins).of(result));
    } catch (Problem.Unavailable away) {
      throw away;
    } catch (RefusedBody refused) {
      return refused(letter(Kind.RECORD, refused.getMessage(), record, project));
    } catch (RuntimeException fault) {
      // a fault of ours that one record provokes must not stop all the others
      log.error(
          "Record {}-{} at {} cannot be taken",
          record.topic(),
          record.partition(),
          record.offset(),
          fault);
      String reason = "Taking this record fails (" + fault.getClass().getSimpleName() + ")";
      return refused(letter(Kind.FAULT, reason, record, project));
    }
  }

  /** The record's own time, so that a record that is read again makes the same events. */
  private static long receivedAtMicros(ConsumerRecord<?, ?> record) {
    long latestMillis = EventTime.LAST / MICROS_PER_MILLI;
    return Math.max(0, Math.min(record.timestamp(), latestMillis)) * MICROS_PER_MILLI;
  }

  private byte[] checked(byte @Nullable [] value) throws RefusedBody {
    if (value == null) {
      throw new RefusedBody(RefusedBody.Reason.NO_EVENTS, "The record has no value");
    }
    if (value.length > maxBytes) {
      throw new RefusedBody(
          RefusedBody.Reason.TOO_MANY,
          "A record may have at most %d bytes, this one has %d".formatted(maxBytes, value.length));
    }
    return value;
  }

  /** A whole record; its bytes only if the project wants to keep all that it sends. */
  private DeadLetter letter(
      Kind kind, String reason, ConsumerRecord<byte[], byte[]> record, ProjectId project) {
    byte[] bytes = redaction.keepsAll(project) ? record.value() : null;
    return new DeadLetter(kind, reason, record, 0, project, bytes);
  }

  private static Future<List<DeadLetter>> refused(DeadLetter letter) {
    return Future.succeededFuture(List.of(letter));
  }

  private static String text(Problem refused) {
    return String.valueOf(refused.getMessage());
  }

  /** Names are not case-sensitive here, as they are not in HTTP. */
  private static MultiMap headers(ConsumerRecord<?, ?> record) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    record
        .headers()
        .forEach(
            header -> {
              if (header.value() != null) {
                headers.add(header.key(), new String(header.value(), StandardCharsets.UTF_8));
              }
            });
    return headers;
  }

  /** Waits on the door's own thread. */
  static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LOOK_UP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (TimeoutException late) {
      throw new Problem.Unavailable("No answer within " + LOOK_UP_SECONDS + " seconds");
    }
  }
}
