package dev.perilune.ingest.topic;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;

/** Writes what cannot be taken to the topic of dead letters, from which processors store it. */
final class DeadLetterProducer implements AutoCloseable {
  private static final long ACK_SECONDS = 15;
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(300);

  private final Producer<byte[], byte[]> producer;

  DeadLetterProducer(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Returns when the broker has all of them on all copies.
   *
   * @throws Problem.Unavailable if it does not take them; some may be there then
   */
  void publish(List<DeadLetter> letters) throws InterruptedException {
    try {
      Map<DeadLetter, Future<?>> sent = new LinkedHashMap<>();
      for (DeadLetter letter : letters) {
        sent.put(letter, producer.send(record(letter, letter.bytes())));
      }
      for (Map.Entry<DeadLetter, Future<?>> entry : sent.entrySet()) {
        acknowledge(entry.getKey(), entry.getValue());
      }
    } catch (ExecutionException | TimeoutException | KafkaException away) {
      throw new Problem.Unavailable("The dead letters cannot be written: " + away.getMessage());
    }
  }

  private void acknowledge(DeadLetter letter, Future<?> sent)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      sent.get(ACK_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof RecordTooLargeException)) {
        throw failed;
      }
      // a topic with narrower limits still tells where the bytes are
      producer.send(record(letter, new byte[0])).get(ACK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(DeadLetter letter, byte[] bytes) {
    ConsumerRecord<?, ?> source = letter.source();
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.DEAD_LETTERS, bytes);
    Headers headers = record.headers();
    add(headers, "reason", letter.reason());
    add(headers, "source-topic", source.topic());
    add(headers, "source-partition", Integer.toString(source.partition()));
    add(headers, "source-offset", Long.toString(source.offset()));
    add(headers, "position", Integer.toString(letter.position()));
    if (letter.project() != null) {
      add(headers, "project", letter.project().value().toString());
    }
    return record;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }
}
