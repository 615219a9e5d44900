package dev.perilune.processor.consume;

import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the consumer is doing: its meters, its state for the health check, its lines in the log. */
final class Progress {
  private static final Logger log = LoggerFactory.getLogger(Progress.class);
  private static final Duration LAG_INTERVAL = Duration.ofSeconds(2);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(1);

  private final int batchRecords;
  private final Meters meters;
  private final Counter records;
  private final Timer batches;
  private final DistributionSummary batchSize;
  private final Every lagDue = new Every(LAG_INTERVAL);
  private final Every pauseLogDue = new Every(LOG_INTERVAL);
  private final Every lagLogDue = new Every(LOG_INTERVAL);
  private long lastLogNanos = System.nanoTime();
  private long stored;
  private long storedAtLastLog;
  private long lagAtLastLog;
  private boolean lagIsComparable;
  private volatile long lag;
  private volatile boolean behind;
  private volatile int partitions;
  private volatile boolean running;
  private volatile boolean brokerAnswers = true;

  /** {@code batchRecords} is what one transaction stores at most. */
  Progress(int batchRecords, Meters meters) {
    this.batchRecords = batchRecords;
    this.meters = meters;
    this.records = meters.counter(Meter.PROCESSOR_RECORDS);
    this.batches = meters.timer(Meter.PROCESSOR_BATCHES);
    this.batchSize = meters.summary(Meter.PROCESSOR_BATCH_SIZE);
    meters.gauge(Meter.PROCESSOR_LAG, () -> lag);
    meters.gauge(Meter.PROCESSOR_PARTITIONS, () -> partitions);
    meters.gauge(Meter.PROCESSOR_RUNNING, () -> running ? 1 : 0);
  }

  /** Whether records flow as soon as there are any; may be asked from any thread. */
  boolean isWorking() {
    return running && brokerAnswers;
  }

  /** Whether the next batch is there in full already; may be asked from any thread. */
  boolean isBehind() {
    return behind;
  }

  void stored(int count, long tookNanos) {
    stored += count;
    records.increment(count);
    batches.record(Duration.ofNanos(tookNanos));
    batchSize.record(count);
  }

  void parked(int count, String reason) {
    if (count > 0) {
      meters.counter(Meter.PROCESSOR_DEAD_LETTERS, "reason", reason).increment(count);
    }
  }

  void redriven(String outcome, int count) {
    if (count > 0) {
      meters.counter(Meter.PROCESSOR_REDRIVEN, "outcome", outcome).increment(count);
    }
  }

  void retry(String cause) {
    meters.counter(Meter.PROCESSOR_RETRIES, "cause", cause).increment();
  }

  void running() {
    if (!running) {
      running = true;
      log.info("Storing");
    }
  }

  void paused(Throwable cause, Duration delay) {
    if (running | pauseLogDue.now()) {
      log.warn("Paused, trying again in {} ms: {}", delay.toMillis(), cause.getMessage());
    }
    running = false;
  }

  void stopped() {
    running = false;
    partitions = 0;
    lag = 0;
    behind = false;
  }

  /** Notes how much is left to read, as far as the last fetch told; asks nobody. */
  void polled(Consumer<?, ?> consumer) {
    long unread =
        consumer.assignment().stream()
            .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
            .sum();
    behind = unread >= batchRecords;
  }

  /** Asks the brokers now and then how much there is to do. */
  void look(Consumer<?, ?> consumer, Map<TopicPartition, Long> next) {
    if (partitions != next.size()) {
      partitions = next.size();
      lagDue.soon();
      lagIsComparable = false;
    }
    if (!lagDue.now()) {
      return;
    }
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(next.keySet(), BROKER_PATIENCE);
      brokerAnswers = true;
      lag =
          next.entrySet().stream()
              .mapToLong(at -> Math.max(0, ends.getOrDefault(at.getKey(), 0L) - at.getValue()))
              .sum();
      if (running && lagLogDue.now()) {
        tell();
      }
    } catch (TimeoutException e) {
      if (brokerAnswers) {
        log.warn("The brokers do not answer: {}", e.getMessage());
      }
      brokerAnswers = false;
    }
  }

  private void tell() {
    double seconds = (System.nanoTime() - lastLogNanos) / 1e9;
    long rate = Math.round((stored - storedAtLastLog) / seconds);
    // partitions that came or went change the lag without any work
    long gain = lagIsComparable ? Math.round((lagAtLastLog - lag) / seconds) : rate;
    // less than two seconds of work is no backlog
    if (lag > 2 * rate) {
      String outlook = gain > 0 ? "caught up in about " + lag / gain + " s" : "not catching up";
      log.info("Behind by {} records, storing {}/s, {}", lag, rate, outlook);
    }
    lastLogNanos = System.nanoTime();
    storedAtLastLog = stored;
    lagAtLastLog = lag;
    lagIsComparable = true;
  }
}
