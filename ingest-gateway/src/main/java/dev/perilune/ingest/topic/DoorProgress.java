package dev.perilune.ingest.topic;

import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the door is doing: its meters, its state for the health check, its lines in the log. */
final class DoorProgress {
  private static final Logger log = LoggerFactory.getLogger(DoorProgress.class);
  private static final long LAG_NANOS = Duration.ofSeconds(2).toNanos();
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(1);

  private final Counter records;
  private final Counter retries;
  private final Map<DeadLetter.Kind, Counter> refused = new EnumMap<>(DeadLetter.Kind.class);
  private long lagAskedNanos = System.nanoTime() - LAG_NANOS;
  private boolean paused;
  private volatile long lag;
  private volatile boolean reading;

  DoorProgress(Meters meters) {
    this.records = meters.counter(Meter.DOOR_RECORDS);
    this.retries = meters.counter(Meter.DOOR_RETRIES);
    for (DeadLetter.Kind kind : DeadLetter.Kind.values()) {
      refused.put(kind, meters.counter(Meter.DOOR_REFUSED, "reason", kind.wireName()));
    }
    meters.gauge(Meter.DOOR_LAG, () -> lag);
  }

  /** Whether the door reads its topic; may be asked from any thread. */
  boolean isReading() {
    return reading;
  }

  void reading() {
    reading = true;
    if (paused) {
      paused = false;
      log.info("Taking records again");
    }
  }

  void stopped() {
    reading = false;
    lag = 0;
  }

  void taken(int count, List<DeadLetter> letters) {
    records.increment(count);
    letters.forEach(letter -> refused.get(letter.kind()).increment());
  }

  void waiting(Throwable cause) {
    retries.increment();
    if (!paused) {
      paused = true;
      log.warn("Taking no records until this is over: {}", cause.getMessage());
    }
  }

  /** Asks the broker now and then how much there is to do, what was read but not taken included. */
  void look(Consumer<?, ?> consumer, int readAhead) {
    long now = System.nanoTime();
    if (now - lagAskedNanos < LAG_NANOS) {
      return;
    }
    lagAskedNanos = now;
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), BROKER_PATIENCE);
      long behind = readAhead;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        behind += Math.max(0, end.getValue() - consumer.position(end.getKey(), BROKER_PATIENCE));
      }
      lag = behind;
    } catch (TimeoutException away) {
      log.debug("The lag is not known", away);
    }
  }
}
