package dev.perilune.processor.consume;

import dev.perilune.model.RunIds;
import dev.perilune.model.wire.Topics;
import dev.perilune.processor.store.DeadLetterSql;
import dev.perilune.processor.store.DeadLetterSql.Letter;
import dev.perilune.processor.store.Transactions;
import dev.perilune.runtime.db.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the dead letters that gateways write, so that those of every service are in one table. The
 * gateway needs no database for that.
 *
 * <p>Offsets are committed to Kafka after the rows are: what is read twice is one row, since a
 * letter's origin is unique. The letters that processors write are in the table already and are
 * passed over.
 */
public final class RefusedLetters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RefusedLetters.class);
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(10);
  private static final Duration POLL_LIMIT = Duration.ofMillis(500);
  private static final Duration LEAVE_LIMIT = Duration.ofMillis(500);
  private static final long STOP_MILLIS = 1_500;

  private final ConsumerSettings settings;
  private final KafkaClients clients;
  private final Database database;
  private final Thread thread = new Thread(this::run, "perilune-refused-letters");
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Consumer<byte[], byte[]> current;

  private RefusedLetters(ConsumerSettings settings, KafkaClients clients, Database database) {
    this.settings = settings;
    this.clients = clients;
    this.database = database;
  }

  /** Starts reading; neither the brokers nor the database need to be there yet. */
  public static RefusedLetters start(ConsumerSettings settings, Database database) {
    RefusedLetters letters =
        new RefusedLetters(settings, new KafkaClients(settings, Map.of()), database);
    letters.thread.start();
    return letters;
  }

  /** Finishes or rolls back the letters in hand, within two seconds. */
  @Override
  public void close() {
    stopping.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(STOP_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Backoff backoff = new Backoff();
    while (!isStopping()) {
      try {
        consume(backoff);
      } catch (RuntimeException | ExecutionException | TimeoutException e) {
        if (!isStopping()) {
          log.warn("Dead letters of gateways wait in their topic: {}", e.getMessage());
        }
      } catch (InterruptedException e) {
        return;
      }
      awaitStop(backoff.afterFailure());
    }
  }

  private void consume(Backoff backoff)
      throws InterruptedException, ExecutionException, TimeoutException {
    makeTopic();
    Consumer<byte[], byte[]> consumer = clients.letterConsumer();
    current = consumer;
    try (Transactions transactions = new Transactions(database, STATEMENT_LIMIT)) {
      consumer.subscribe(List.of(Topics.DEAD_LETTERS));
      while (!isStopping()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_LIMIT);
        if (!records.isEmpty()) {
          store(transactions, letters(records));
          consumer.commitSync();
          backoff.reset();
        }
      }
    } finally {
      current = null;
      boolean interrupted = Thread.interrupted();
      consumer.close(CloseOptions.timeout(LEAVE_LIMIT));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void makeTopic() throws InterruptedException, ExecutionException, TimeoutException {
    Admin admin = clients.admin();
    try {
      EventTopics.ensure(admin, settings.kafka());
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  private static void store(Transactions transactions, List<Letter> letters) {
    if (!letters.isEmpty()) {
      transactions.run(
          tx -> {
            DeadLetterSql.parkPublished(tx, letters);
            return letters.size();
          });
    }
  }

  private static List<Letter> letters(ConsumerRecords<byte[], byte[]> records) {
    List<Letter> letters = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String topic = text(record, "source-topic");
      if (topic == null || topic.equals(Topics.EVENTS)) {
        continue;
      }
      Letter letter = letter(topic, record);
      if (letter == null) {
        log.warn(
            "No dead letter: {}-{} at {} lacks its headers",
            record.topic(),
            record.partition(),
            record.offset());
      } else {
        letters.add(letter);
      }
    }
    return letters;
  }

  private static @Nullable Letter letter(String topic, ConsumerRecord<byte[], byte[]> record) {
    try {
      String reason = text(record, "reason");
      byte[] value = record.value();
      return new Letter(
          RunIds.parseUuid(text(record, "project")),
          BatchStore.storable(topic),
          Integer.parseInt(String.valueOf(text(record, "source-partition"))),
          Long.parseLong(String.valueOf(text(record, "source-offset"))),
          Integer.parseInt(String.valueOf(text(record, "position"))),
          BatchStore.storable(String.valueOf(reason)),
          value == null ? new byte[0] : value);
    } catch (NumberFormatException foreign) {
      return null;
    }
  }

  private static @Nullable String text(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void awaitStop(Duration delay) {
    try {
      if (stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("Stopped while waiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
