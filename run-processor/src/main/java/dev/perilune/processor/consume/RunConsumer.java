package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.store.OffsetSql;
import dev.perilune.processor.store.Transactions;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events topic on a thread of its own and stores it batch by batch, each event exactly
 * once.
 *
 * <p>The next offset of each partition is written in the transaction that stores the records before
 * it, and reading starts from there, so a crash at any point repeats nothing and loses nothing.
 * What Kafka has committed is a hint for its tools. Three things can go wrong and stay apart: the
 * database or the brokers are away (the batch waits), somebody else owns the partition by now (the
 * batch is dropped), a record can't be stored (it goes to the dead letters, its neighbours do not).
 */
public final class RunConsumer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunConsumer.class);
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);

  /** How long {@link #close()} lets the batch in hand finish, and then lets it fail. */
  private static final Duration FINISH_LIMIT = Duration.ofMillis(3_000);

  private static final Duration ABORT_LIMIT = Duration.ofMillis(1_500);
  private static final Duration LEAVE_LIMIT = Duration.ofMillis(1_000);

  private final ConsumerSettings settings;
  private final KafkaClients clients;
  private final Database database;
  private final BatchStep step;
  private final Progress progress;
  private final Thread thread = new Thread(this::run, "perilune-run-consumer");
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Consumer<byte[], byte[]> current;

  private RunConsumer(
      ConsumerSettings settings,
      KafkaClients clients,
      Database database,
      BatchStep step,
      Meters meters) {
    this.settings = settings;
    this.clients = clients;
    this.database = database;
    this.step = step;
    this.progress = new Progress(settings.batchRecords(), meters);
  }

  /** Starts reading; neither the brokers nor the database need to be there yet. */
  public static RunConsumer start(
      ConsumerSettings settings, Database database, BatchStep step, Meters meters) {
    return start(settings, Map.of(), database, step, meters);
  }

  static RunConsumer start(
      ConsumerSettings settings,
      Map<String, Object> kafkaOverrides,
      Database database,
      BatchStep step,
      Meters meters) {
    RunConsumer consumer =
        new RunConsumer(
            settings, new KafkaClients(settings, kafkaOverrides), database, step, meters);
    consumer.thread.start();
    return consumer;
  }

  /** Whether what is in the topic gets stored: brokers and database answer, partitions are ours. */
  public boolean isWorking() {
    return progress.isWorking();
  }

  /** Whether more waits than one batch takes, so that the rest of the process should give way. */
  public boolean isBehind() {
    return progress.isBehind();
  }

  /** Finishes the batch in hand or rolls it back, and leaves the group; within five seconds. */
  @Override
  public void close() {
    stopping.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(FINISH_LIMIT.toMillis());
      if (thread.isAlive()) {
        log.warn("The batch in hand takes long, rolling it back");
        thread.interrupt();
        thread.join(ABORT_LIMIT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.interrupt();
    }
  }

  private void run() {
    Backoff backoff = new Backoff();
    while (!isStopping()) {
      try {
        consume();
      } catch (Exception | Error e) {
        if (!isStopping()) {
          Duration delay = backoff.afterFailure();
          log.error("The consumer failed, starting anew in {} ms", delay.toMillis(), e);
          awaitStop(delay);
        }
      }
      progress.stopped();
    }
    log.info("Stopped");
  }

  private void consume() throws InterruptedException, ExecutionException, TimeoutException {
    makeTopics();
    UUID owner = UUID.randomUUID();
    Consumer<byte[], byte[]> consumer = clients.consumer(owner);
    current = consumer;
    try (Transactions transactions = new Transactions(database, STATEMENT_LIMIT);
        DeadLetterTopic letters = new DeadLetterTopic(clients::deadLetterProducer)) {
      Backlog backlog = new Backlog(settings.batchRecords(), settings.batchBytes());
      OffsetSql offsets = new OffsetSql(settings.group(), Topics.EVENTS, owner);
      Assignment assignment = new Assignment(consumer, offsets, backlog);
      assignment.subscribe();
      BatchStore store = new BatchStore(transactions, offsets, step);
      Redrive redrive = new Redrive(transactions, offsets, step, progress);
      turnUntilStopped(
          new ConsumerLoop(
              consumer, transactions, backlog, assignment, store, letters, redrive, progress));
    } finally {
      current = null;
      leave(consumer);
    }
  }

  private void makeTopics() throws InterruptedException, ExecutionException, TimeoutException {
    Admin admin = clients.admin();
    try {
      EventTopics.ensure(admin, settings.kafka());
    } finally {
      // without a limit it would wait for brokers that are away
      admin.close(Duration.ZERO);
    }
  }

  private void turnUntilStopped(ConsumerLoop loop) {
    try {
      while (!isStopping()) {
        loop.turn();
      }
    } catch (WakeupException e) {
      log.debug("Woken up to stop");
    }
  }

  private static void leave(Consumer<byte[], byte[]> consumer) {
    // an interrupt that ended the batch would also end the goodbye to the group
    boolean interrupted = Thread.interrupted();
    consumer.close(CloseOptions.timeout(LEAVE_LIMIT));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
