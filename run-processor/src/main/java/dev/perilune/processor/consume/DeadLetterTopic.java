package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.store.DeadLetterSql;
import dev.perilune.processor.store.DeadLetterSql.Letter;
import dev.perilune.processor.store.DeadLetterSql.StoredLetter;
import dev.perilune.processor.store.Transactions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies dead letters from their table to their topic, each at least once: the row is marked after
 * the broker has the copy, and rows that a crash left unmarked are found by any processor's next
 * round.
 */
final class DeadLetterTopic implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);
  private static final int MAX_LETTERS = 500;
  private static final long MAX_BYTES = 4 << 20;
  private static final long ACK_SECONDS = 10;
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> producer;

  /** The producer is made when the first letter needs it. */
  DeadLetterTopic(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /**
   * Publishes some of what is due; a broker that is away is logged and left to the next round.
   *
   * @return whether there may be more
   */
  boolean publishSome(Transactions transactions) {
    try {
      return transactions.run(
          tx -> {
            List<StoredLetter> due = DeadLetterSql.unpublished(tx, MAX_LETTERS, MAX_BYTES);
            if (!due.isEmpty()) {
              publish(due);
              DeadLetterSql.published(tx, due);
            }
            return !due.isEmpty();
          });
    } catch (NotPublished e) {
      log.warn("Dead letters stay in their table alone until the next round", e.getCause());
      return false;
    }
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(CLOSE_LIMIT);
    }
  }

  private void publish(List<StoredLetter> due) {
    try {
      Map<Letter, Future<?>> sent = new LinkedHashMap<>();
      for (StoredLetter unpublished : due) {
        Letter letter = unpublished.letter();
        Future<?> answer = send(letter, letter.record());
        if (answer.isDone()) {
          // refused before it left: each further one would wait as long for the same answer
          acknowledge(answer, letter);
        } else {
          sent.put(letter, answer);
        }
      }
      for (Map.Entry<Letter, Future<?>> entry : sent.entrySet()) {
        acknowledge(entry.getValue(), entry.getKey());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotPublished(e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new NotPublished(e);
    }
  }

  private void acknowledge(Future<?> sent, Letter letter)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      sent.get(ACK_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof RecordTooLargeException)) {
        throw e;
      }
      // a topic with narrower limits than ours still tells where the bytes are
      send(letter, null).get(ACK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private Future<?> send(Letter letter, byte @Nullable [] value) {
    if (producer == null) {
      producer = producers.get();
    }
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.DEAD_LETTERS, value);
    Headers headers = record.headers();
    headers.add("reason", utf8(letter.reason()));
    headers.add("source-topic", utf8(letter.topic()));
    headers.add("source-partition", utf8(Integer.toString(letter.partition())));
    headers.add("source-offset", utf8(Long.toString(letter.offset())));
    headers.add("position", utf8(Integer.toString(letter.position())));
    if (letter.project() != null) {
      headers.add("project", utf8(letter.project().toString()));
    }
    return producer.send(record);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The brokers did not take the letters. */
  private static final class NotPublished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPublished(Throwable cause) {
      super(cause);
    }
  }
}
