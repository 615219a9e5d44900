package dev.perilune.query.live;

import dev.perilune.model.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of changed runs from its end on, on a thread of its own, while anybody listens.
 * It belongs to no group and commits nothing: every instance reads all partitions.
 */
final class RunsTail implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunsTail.class);
  private static final Duration POLL_LIMIT = Duration.ofMillis(200);
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);
  private static final long IDLE_MILLIS = 500;
  private static final long RETRY_MILLIS = 1000;
  private static final long STOP_MILLIS = 1500;
  private static final int POLL_BYTES = 4 << 20;

  private final String bootstrapServers;
  private final LiveClients clients;
  private final Thread thread = new Thread(this::run, "perilune-runs-tail");
  private volatile boolean closed;

  private RunsTail(String bootstrapServers, LiveClients clients) {
    this.bootstrapServers = bootstrapServers;
    this.clients = clients;
  }

  /** Starts the thread; connects once somebody listens. */
  static RunsTail start(String bootstrapServers, LiveClients clients) {
    RunsTail tail = new RunsTail(bootstrapServers, clients);
    tail.thread.setDaemon(true);
    tail.thread.start();
    return tail;
  }

  @Override
  public void close() {
    // seen after a poll or a wait, both of which are short; an interrupt would end the socket
    // rudely
    closed = true;
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        if (clients.await(IDLE_MILLIS)) {
          follow();
        }
      }
    } catch (InterruptedException | InterruptException e) {
      log.debug("Interrupted to stop");
    }
  }

  /** Reads on until nobody listens any more. */
  private void follow() throws InterruptedException {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> known = List.of();
      long lookedNanos = 0;
      while (!closed && clients.size() > 0) {
        if (known.isEmpty() || System.nanoTime() - lookedNanos > LOOK_INTERVAL.toNanos()) {
          known = assign(consumer, known);
          lookedNanos = System.nanoTime();
        }
        if (known.isEmpty()) {
          clients.await(RETRY_MILLIS);
          Thread.yield();
        } else {
          clients.all().forEach(LiveClient::ready);
          clients.tell(poll(consumer));
        }
      }
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      log.warn("Live runs pause, connecting anew: {}", e.getMessage());
      Thread.sleep(RETRY_MILLIS);
    }
  }

  /** The first time at the end of every partition; partitions that were added, at their start. */
  private static List<TopicPartition> assign(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> known) {
    List<TopicPartition> found =
        consumer.partitionsFor(Topics.RUNS, BROKER_PATIENCE).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (found.size() > known.size()) {
      consumer.assign(found);
      List<TopicPartition> added = new ArrayList<>(found);
      added.removeAll(known);
      if (known.isEmpty()) {
        consumer.seekToEnd(found);
      } else {
        consumer.seekToBeginning(added);
      }
      // seeking is lazy: only now is it certain that no later change is missed
      found.forEach(partition -> consumer.position(partition, BROKER_PATIENCE));
    }
    return found;
  }

  private static List<Map.Entry<UUID, byte[]>> poll(KafkaConsumer<byte[], byte[]> consumer) {
    List<Map.Entry<UUID, byte[]>> runs = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_LIMIT)) {
      if (record.value() != null) {
        LiveRun.project(record.key())
            .ifPresent(project -> runs.add(Map.entry(project, record.value())));
      }
    }
    return runs;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "client.id",
            "perilune-live-" + UUID.randomUUID(),
            "enable.auto.commit",
            false,
            "allow.auto.create.topics",
            false,
            // an offset that the log does not have any more: what was missed is missed
            "auto.offset.reset",
            "latest",
            "fetch.max.bytes",
            POLL_BYTES),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
