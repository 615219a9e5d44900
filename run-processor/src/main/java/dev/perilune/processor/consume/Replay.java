package dev.perilune.processor.consume;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.Topics;
import dev.perilune.processor.store.ReplaySql;
import dev.perilune.processor.store.ReplaySql.Stretch;
import dev.perilune.processor.store.StoreAway;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import dev.perilune.runtime.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Has events read again that were stored before, beside running processors. Merging is a fold, so
 * what was right stays as it was. Every method blocks; not for event loops.
 *
 * <p>There are two ways. {@link #rewind} sets the stored offsets back and leaves the work to the
 * processors. {@link #reread} does the work itself, for a part of the events: each of its
 * transactions holds the offset row of its partition, so that no processor writes the same runs
 * meanwhile.
 */
public final class Replay implements AutoCloseable {
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(60);
  private static final long BROKER_SECONDS = 15;
  private static final int TRIES = 8;

  private final ConsumerSettings settings;
  private final KafkaClients clients;
  private final Transactions transactions;
  private final ReplaySql sql;

  public Replay(ConsumerSettings settings, Database database) {
    this.settings = settings;
    this.clients = new KafkaClients(settings, Map.of());
    this.transactions = new Transactions(database, STATEMENT_LIMIT);
    this.sql = new ReplaySql(settings.group(), Topics.EVENTS);
  }

  /**
   * What is read again.
   *
   * @param letters dead letters among it that are tried again
   */
  public record Begun(Map<Integer, Stretch> stretches, int letters) {
    public long events() {
      return stretches.values().stream().mapToLong(Stretch::size).sum();
    }
  }

  /**
   * Sets the offsets back to those of a time. Processors notice within a second or so.
   *
   * @throws TimeoutException if the brokers do not answer
   */
  public Begun rewind(Instant from)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<Integer, Long> targets = new TreeMap<>();
    stretches(from, null).forEach((partition, stretch) -> targets.put(partition, stretch.first()));
    return trying(
        tx -> {
          Map<Integer, Stretch> rewound = sql.rewind(tx, targets);
          return new Begun(rewound, sql.redrive(tx, rewound, null));
        });
  }

  /** How many of the rewound events are stored again. */
  public long done(Begun begun) {
    Map<Integer, Long> next = trying(sql::next);
    return begun.stretches().entrySet().stream()
        .mapToLong(
            entry -> {
              Stretch stretch = entry.getValue();
              long now = next.getOrDefault(entry.getKey(), stretch.first());
              return Math.min(stretch.size(), Math.max(0, now - stretch.first()));
            })
        .sum();
  }

  /**
   * Begins to read the events of a time again here.
   *
   * @param to null for now
   * @param project null for all
   */
  public Reread reread(
      Instant from, @Nullable Instant to, @Nullable ProjectId project, BatchStep step)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<Integer, Stretch> stretches = stretches(from, to);
    int letters = trying(tx -> sql.redrive(tx, stretches, project));
    return new Reread(clients.rereader(), this, sql, step, new Begun(stretches, letters), project);
  }

  @Override
  public void close() {
    transactions.close();
  }

  /** Runs in a transaction, again when another one is in the way or the database is away. */
  <T> T trying(Function<Tx, T> work) {
    Backoff backoff = new Backoff();
    for (int left = TRIES; ; left--) {
      try {
        return transactions.run(work);
      } catch (StoreAway e) {
        if (left == 1) {
          throw e;
        }
        pause(e.isCollision() ? backoff.afterCollision() : backoff.afterFailure());
      }
    }
  }

  private static void pause(Duration delay) {
    try {
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Offsets between two times; of each partition that has any. */
  private Map<Integer, Stretch> stretches(Instant from, @Nullable Instant to)
      throws InterruptedException, ExecutionException, TimeoutException {
    Admin admin = clients.admin();
    try {
      Map<Integer, Long> ends = offsets(admin, OffsetSpec.latest());
      Map<Integer, Long> firsts = offsets(admin, OffsetSpec.forTimestamp(from.toEpochMilli()));
      Map<Integer, Long> lasts =
          to == null ? ends : offsets(admin, OffsetSpec.forTimestamp(to.toEpochMilli()));
      Map<Integer, Stretch> stretches = new TreeMap<>();
      ends.forEach(
          (partition, end) -> {
            // a time after the last record has no offset
            long first = firsts.get(partition) < 0 ? end : firsts.get(partition);
            long next = lasts.get(partition) < 0 ? end : lasts.get(partition);
            if (first < next) {
              stretches.put(partition, new Stretch(first, next));
            }
          });
      return stretches;
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  private static Map<Integer, Long> offsets(Admin admin, OffsetSpec spec)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    admin
        .describeTopics(List.of(Topics.EVENTS))
        .allTopicNames()
        .get(BROKER_SECONDS, TimeUnit.SECONDS)
        .get(Topics.EVENTS)
        .partitions()
        .forEach(info -> question.put(new TopicPartition(Topics.EVENTS, info.partition()), spec));
    Map<Integer, Long> offsets = new TreeMap<>();
    admin
        .listOffsets(question)
        .all()
        .get(BROKER_SECONDS, TimeUnit.SECONDS)
        .forEach((at, found) -> offsets.put(at.partition(), found.offset()));
    return offsets;
  }
}
