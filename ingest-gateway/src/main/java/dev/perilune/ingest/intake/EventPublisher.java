package dev.perilune.ingest.intake;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events and tells when the broker has them on all copies. Nothing here waits: a broker
 * that is away or a buffer that is full is {@link Problem.Unavailable}, within a second for
 * requests under way and at once for new ones, until the broker acknowledges something again.
 *
 * <p>A request that was told so may have been published in part. Sending it again is harmless,
 * since the same event twice is the same run.
 */
public final class EventPublisher {

  private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

  private static final int RECORD_FRAME_BYTES = 1024;

  private final Vertx vertx;
  private final BrokerLink link;
  private final BrokerWatch watch;
  private final int maxRecordBytes;
  private final Set<Publication> waiting = ConcurrentHashMap.newKeySet();
  private final Timer ackTimer;
  private final Counter refusedRequests;
  private final long tickTimer;
  private final AtomicBoolean looking = new AtomicBoolean();
  private boolean wasAway;

  private EventPublisher(Vertx vertx, BrokerLink link, Options options, Meters meters) {
    this.vertx = vertx;
    this.link = link;
    this.watch = new BrokerWatch(options.brokerSilence(), System::nanoTime);
    this.maxRecordBytes = ProducerOptions.maxRecordBytes(options.maxBodyBytes());
    this.ackTimer = meters.timer(Meter.INGEST_ACK);
    this.refusedRequests = meters.counter(Meter.INGEST_UNAVAILABLE, "reason", "broker");
    this.tickTimer = vertx.setPeriodic(BrokerWatch.TICK.toMillis(), timer -> tick());
    meters.gauge(Meter.INGEST_BROKER_UP, () -> isReady() ? 1 : 0);
  }

  /**
   * What the publisher must know.
   *
   * @param maxBodyBytes the largest event that has to travel whole
   * @param brokerSilence how long nothing may be acknowledged before the broker counts as away
   */
  public record Options(KafkaSettings kafka, int maxBodyBytes, Duration brokerSilence) {}

  /** Starts connecting and returns at once; until the broker is there, publishing is refused. */
  public static EventPublisher start(Vertx vertx, Options options, Meters meters) {
    BrokerLink link = new BrokerLink(vertx, options.kafka(), options.maxBodyBytes(), Topics.EVENTS);
    link.start();
    return new EventPublisher(vertx, link, options, meters);
  }

  /** Whether a broker answers. */
  public Future<Boolean> isUp() {
    return link.isUp();
  }

  /** Sends what is waiting, for up to five seconds, and lets go. */
  public Future<Void> close() {
    vertx.cancelTimer(tickTimer);
    return link.close();
  }

  static Problem unreachable() {
    return new Problem.Unavailable("The event log cannot be reached at the moment");
  }

  /** What one event may take with its envelope; the record has a key and a frame besides. */
  int maxEventBytes() {
    return maxRecordBytes - RECORD_FRAME_BYTES;
  }

  /**
   * Begins one request's publication.
   *
   * @param context where it is to complete
   * @param refusals a place for each event; what the broker refuses is added to it
   * @throws Problem.Unavailable if the broker is away
   */
  Publication begin(Context context, @Nullable String[] refusals) {
    if (link.producer() == null || !watch.admits()) {
      refusedRequests.increment();
      throw unreachable();
    }
    Publication publication = new Publication(context, refusals, System.nanoTime());
    waiting.add(publication);
    publication
        .done()
        .onSuccess(receipt -> ackTimer.record(age(publication), TimeUnit.NANOSECONDS))
        .onFailure(away -> refusedRequests.increment())
        .onComplete(done -> waiting.remove(publication));
    return publication;
  }

  /** Sends one event; returns false when the rest of the request is in vain. */
  boolean send(Publication publication, int index, byte[] key, byte[] value) {
    KafkaProducer<byte[], byte[]> producer = link.producer();
    if (producer == null) {
      publication.giveUp();
      return false;
    }
    publication.sending();
    watch.sent(value.length);
    Delivery delivery = new Delivery(publication, index);
    try {
      producer.send(new ProducerRecord<>(Topics.EVENTS, key, value), delivery);
      delivery.handedOver = true;
    } catch (KafkaException | IllegalStateException closing) {
      delivery.onCompletion(null, closing);
    }
    return !delivery.inVain;
  }

  /** What comes back for one record: on the producer's thread, or at once when it is refused. */
  private final class Delivery implements Callback {
    private final Publication publication;
    private final int index;
    private volatile boolean handedOver;
    private volatile boolean inVain;

    Delivery(Publication publication, int index) {
      this.publication = publication;
      this.index = index;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata where, @Nullable Exception cause) {
      if (cause == null && where != null) {
        watch.acknowledged();
        publication.acknowledged(where);
      } else {
        if (!handedOver && hasNoBroker(cause)) {
          watch.lost();
        } else {
          watch.givenUp();
        }
        inVain = !publication.failed(index, cause);
      }
    }

    private boolean hasNoBroker(@Nullable Exception cause) {
      return cause instanceof TimeoutException && !(cause instanceof BufferExhaustedException);
    }
  }

  private boolean isReady() {
    return link.producer() != null && !watch.isAway();
  }

  private void tick() {
    boolean away = watch.tick();
    if (away != wasAway) {
      wasAway = away;
      log.warn(
          away
              ? "The broker acknowledges nothing, answering 503 until it does"
              : "The broker acknowledges again");
    }
    if (away) {
      lookForBroker();
      for (Publication publication : waiting) {
        if (age(publication) > watch.silenceNanos()) {
          publication.giveUp();
        }
      }
    }
  }

  /**
   * Ends an outage without traffic, unless the broker was given records that it does not answer.
   */
  private void lookForBroker() {
    if (watch.owesNothing() && looking.compareAndSet(false, true)) {
      link.canPublish()
          .onSuccess(
              can -> {
                if (can && watch.owesNothing()) {
                  watch.found();
                }
              })
          .onComplete(done -> looking.set(false));
    }
  }

  private static long age(Publication publication) {
    return System.nanoTime() - publication.startedNanos();
  }
}
