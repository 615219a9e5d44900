package dev.perilune.ingest.intake;

import dev.perilune.runtime.config.KafkaSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a producer that can send without waiting: the topic made, its metadata fetched. Tries until
 * it succeeds, on worker threads, so that the gateway starts whether or not the broker is there.
 */
final class BrokerLink {

  private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);

  private static final long RETRY_MILLIS = 500;
  private static final long METADATA_RETRY_MILLIS = 20;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final KafkaSettings kafka;
  private final int maxBodyBytes;
  private final String topic;
  private final AtomicReference<@Nullable String> toldLast = new AtomicReference<>();

  private volatile @Nullable Admin admin;
  private volatile @Nullable KafkaProducer<byte[], byte[]> warming;
  private volatile @Nullable KafkaProducer<byte[], byte[]> ready;
  private volatile boolean closed;

  BrokerLink(Vertx vertx, KafkaSettings kafka, int maxBodyBytes, String topic) {
    this.vertx = vertx;
    this.kafka = kafka;
    this.maxBodyBytes = maxBodyBytes;
    this.topic = topic;
  }

  void start() {
    vertx.executeBlocking(this::prepare, false).onSuccess(this::next).onFailure(this::retry);
  }

  private void next(boolean warm) {
    if (!warm && !closed) {
      vertx.setTimer(METADATA_RETRY_MILLIS, timer -> start());
    }
  }

  private void retry(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (!text.equals(toldLast.getAndSet(text))) {
      log.warn("Kafka at {} cannot be used yet, trying on: {}", kafka.bootstrapServers(), text);
    }
    if (!closed) {
      vertx.setTimer(RETRY_MILLIS, timer -> start());
    }
  }

  /** The producer, or null while it would have to wait. */
  @Nullable KafkaProducer<byte[], byte[]> producer() {
    return ready;
  }

  /** Whether a broker answers. */
  Future<Boolean> isUp() {
    Admin asking = admin;
    if (ready == null || asking == null) {
      return Future.succeededFuture(false);
    }
    Promise<Boolean> answer = Promise.promise();
    asking
        .describeCluster()
        .clusterId()
        .whenComplete((id, cause) -> answer.complete(cause == null));
    return answer.future();
  }

  /** Whether a broker answers and the producer knows where to send. */
  Future<Boolean> canPublish() {
    return isUp().compose(up -> vertx.executeBlocking(() -> up && knowsTopic(), false));
  }

  private boolean knowsTopic() {
    KafkaProducer<byte[], byte[]> producer = ready;
    return producer != null && knowsTopic(producer);
  }

  /** With max.block.ms=0 this asks for the topic's metadata and fails at once until it is there. */
  private boolean knowsTopic(KafkaProducer<byte[], byte[]> producer) {
    try {
      return !producer.partitionsFor(topic).isEmpty();
    } catch (TimeoutException notYet) {
      return false;
    }
  }

  /** Sends what is waiting, for up to five seconds, and lets go. */
  Future<Void> close() {
    closed = true;
    return vertx.executeBlocking(this::release, false);
  }

  /** Returns whether the producer is ready; false when only its metadata is missing. */
  private synchronized boolean prepare() {
    if (closed) {
      return true;
    }
    KafkaProducer<byte[], byte[]> producer = warming;
    if (producer == null) {
      producer = connect();
      warming = producer;
    }
    if (!knowsTopic(producer)) {
      return false;
    }
    ready = producer;
    log.info("Ready to publish to topic {}", topic);
    return true;
  }

  private KafkaProducer<byte[], byte[]> connect() {
    Admin setup = admin;
    if (setup == null) {
      setup =
          Admin.create(
              Map.of(
                  "bootstrap.servers", kafka.bootstrapServers(),
                  "client.id", "perilune-ingest-admin",
                  "request.timeout.ms", 2_000,
                  "default.api.timeout.ms", 4_000,
                  "reconnect.backoff.max.ms", 500));
      admin = setup;
    }
    new TopicSetup(setup, kafka, ProducerOptions.maxRecordBytes(maxBodyBytes)).ensure(topic);
    return new KafkaProducer<>(ProducerOptions.of(kafka, maxBodyBytes));
  }

  private synchronized @Nullable Void release() {
    KafkaProducer<byte[], byte[]> producer = warming;
    ready = null;
    warming = null;
    try {
      if (producer != null) {
        producer.close(CLOSE_LIMIT);
      }
    } catch (KafkaException notClean) {
      log.warn("The producer did not close cleanly", notClean);
    }
    Admin asking = admin;
    if (asking != null) {
      asking.close(Duration.ofSeconds(1));
    }
    return null;
  }
}
