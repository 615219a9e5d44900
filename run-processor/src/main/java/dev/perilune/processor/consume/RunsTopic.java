package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.store.RunRow;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells changed runs to whoever listens to {@link Topics#RUNS}, on a thread of its own.
 *
 * <p>Telling never holds the storing up: a bounded number of runs waits here, and what comes beyond
 * it, or what the brokers do not take, is dropped and counted. A crash after the commit drops what
 * waits; a batch that is stored again is told again. So listeners may miss a change and may see one
 * twice, each with the run as it was stored; the truth is in the database.
 */
public final class RunsTopic implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunsTopic.class);
  private static final int MOST_WAITING = 50_000;
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final BlockingQueue<List<RunRow>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final int mostWaiting;
  private final Counter told;
  private final Counter dropped;
  private final Every logDue = new Every(LOG_INTERVAL);
  private final Thread thread = new Thread(this::run, "perilune-runs-topic");
  private volatile boolean closed;

  // on the thread alone: whether the brokers can't be asked at present
  private boolean away;

  RunsTopic(Supplier<Producer<byte[], byte[]>> producers, int mostWaiting, Meters meters) {
    this.producers = producers;
    this.mostWaiting = mostWaiting;
    this.told = meters.counter(Meter.PROCESSOR_RUNS_TOLD);
    this.dropped = meters.counter(Meter.PROCESSOR_RUNS_DROPPED);
  }

  /** Starts the thread; the brokers need not be there. */
  public static RunsTopic start(ConsumerSettings settings, Meters meters) {
    KafkaClients clients = new KafkaClients(settings, Map.of());
    RunsTopic topic = new RunsTopic(clients::runsProducer, MOST_WAITING, meters);
    topic.thread.setDaemon(true);
    topic.thread.start();
    return topic;
  }

  /** Takes committed runs over, or drops them; returns at once. */
  public void offer(List<RunRow> runs) {
    if (runs.isEmpty()) {
      return;
    }
    // a single batch may be larger than the limit, but waits alone then
    if (waiting.get() > 0 && waiting.get() + runs.size() > mostWaiting) {
      dropped.increment(runs.size());
      return;
    }
    waiting.addAndGet(runs.size());
    queue.add(runs);
  }

  /** Tells what waits, as far as that goes within half a second. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(2 * CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Producer<byte[], byte[]> producer = producers.get();
    try {
      List<RunRow> runs = next();
      while (runs != null || !closed) {
        if (runs != null) {
          tell(producer, runs);
          waiting.addAndGet(-runs.size());
        }
        runs = next();
      }
    } catch (InterruptedException e) {
      log.debug("Interrupted with {} runs not told", waiting.get());
    } finally {
      producer.close(CLOSE_LIMIT);
    }
  }

  private @Nullable List<RunRow> next() throws InterruptedException {
    return queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tell(Producer<byte[], byte[]> producer, List<RunRow> runs) {
    int sent = 0;
    away = false;
    try {
      while (sent < runs.size() && !away) {
        producer.send(record(runs.get(sent)), (where, failure) -> done(failure));
        sent++;
      }
      // each further one would wait as long for the same answer
      drop(runs.size() - sent, "the brokers are away");
    } catch (KafkaException e) {
      drop(runs.size() - sent, e.getMessage());
    }
  }

  private void done(@Nullable Exception failure) {
    if (failure == null) {
      told.increment();
    } else {
      drop(1, failure.getMessage());
      if (failure instanceof TimeoutException && Thread.currentThread() == thread) {
        away = true;
      }
    }
  }

  private synchronized void drop(int count, String cause) {
    if (count > 0) {
      dropped.increment(count);
      if (logDue.now()) {
        log.warn("Changed runs are not told: {}", cause);
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(RunRow run) {
    byte[] key = Topics.key(run.key().project(), run.key().id());
    return new ProducerRecord<>(Topics.RUNS, key, RunMessage.encode(run));
  }
}
