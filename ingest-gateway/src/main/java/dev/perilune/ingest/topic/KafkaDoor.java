package dev.perilune.ingest.topic;

import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.ingest.redact.Redaction;
import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from the topic {@link Topics#INGEST}, on a thread of its own. The header {@code
 * authorization} of a record names its project; the value is one event, a list of events or {@code
 * {"events": [...]}}. What cannot be taken goes to {@link Topics#DEAD_LETTERS}.
 */
public final class KafkaDoor {
  private static final Logger log = LoggerFactory.getLogger(KafkaDoor.class);

  private static final long RETRY_MILLIS = 500;
  private static final long FINISH_MILLIS = 700;
  private static final long ABORT_MILLIS = 500;
  private static final Duration LEAVE_LIMIT = Duration.ofMillis(400);

  private final Vertx vertx;
  private final DoorClients clients;
  private final RecordIntake intake;
  private final DoorProgress progress;
  private final Thread thread = new Thread(this::run, "perilune-kafka-door");
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Consumer<byte[], byte[]> current;

  private KafkaDoor(Vertx vertx, DoorClients clients, RecordIntake intake, Meters meters) {
    this.vertx = vertx;
    this.clients = clients;
    this.intake = intake;
    this.progress = new DoorProgress(meters);
  }

  /**
   * What the door must know.
   *
   * @param maxRecordBytes of one record's value
   * @param maxEvents of one record
   */
  public record Options(KafkaSettings kafka, int maxRecordBytes, int maxEvents) {}

  /** Starts; the broker need not be there yet. */
  public static KafkaDoor start(
      Vertx vertx,
      Options options,
      ApiKeys keys,
      EventIntake intake,
      Redaction redaction,
      Meters meters) {
    Context context = vertx.getOrCreateContext();
    RecordIntake records =
        new RecordIntake(
            context, keys, intake, redaction, options.maxRecordBytes(), options.maxEvents());
    KafkaDoor door =
        new KafkaDoor(
            vertx, new DoorClients(options.kafka(), options.maxRecordBytes()), records, meters);
    door.thread.start();
    return door;
  }

  /** Whether the topic is read. */
  public boolean isReading() {
    return progress.isReading();
  }

  /** Finishes the records in hand or leaves them to the next owner, within some 1.5 seconds. */
  public Future<Void> close() {
    return vertx.executeBlocking(this::stop, false);
  }

  private @Nullable Void stop() throws InterruptedException {
    stopping.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    thread.join(FINISH_MILLIS);
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join(ABORT_MILLIS);
    }
    return null;
  }

  private void run() {
    String toldLast = "";
    while (!isStopping()) {
      try {
        clients.makeTopics();
        consume();
      } catch (InterruptedException | KafkaException e) {
        String text = String.valueOf(e.getMessage());
        if (!isStopping() && !text.equals(toldLast)) {
          log.warn("The Kafka door cannot read yet, trying on: {}", text);
          toldLast = text;
        }
      } catch (RuntimeException fault) {
        log.error("The Kafka door failed, starting it anew", fault);
      }
      progress.stopped();
      awaitStop();
    }
  }

  private void consume() throws InterruptedException {
    Consumer<byte[], byte[]> consumer = clients.consumer();
    current = consumer;
    try (DeadLetterProducer letters = new DeadLetterProducer(clients.producer())) {
      DoorLoop loop = new DoorLoop(consumer, intake, letters, progress);
      consumer.subscribe(List.of(Topics.INGEST), loop);
      log.info("Taking events from topic {}", Topics.INGEST);
      while (!isStopping()) {
        loop.turn();
      }
      loop.leave();
    } finally {
      current = null;
      // an interrupt that ended the wait would also end the goodbye to the group
      boolean interrupted = Thread.interrupted();
      consumer.close(CloseOptions.timeout(LEAVE_LIMIT));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void awaitStop() {
    try {
      if (stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("Stopped");
      }
    } catch (InterruptedException e) {
      log.debug("Stopped while waiting", e);
    }
  }
}
