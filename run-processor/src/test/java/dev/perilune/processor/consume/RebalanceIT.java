package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.wire.Topics;
import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.OffsetSql;
import dev.perilune.processor.store.OffsetSql.Move;
import dev.perilune.processor.store.OffsetSql.Position;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RebalanceIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private ConsumerTester tester;

  @BeforeEach
  void open() throws Exception {
    tester = new ConsumerTester(KAFKA.bootstrapServers(), POSTGRES.settings(), POSTGRES.settings());
  }

  @AfterEach
  void close() throws Exception {
    tester.close();
  }

  @Test
  void addingAndRemovingAConsumerNeitherLosesNorDoubles() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger byOther = new AtomicInteger();
    tester.start();
    send(sent, 5_000);
    Eventually.holds("the first works", () -> tester.stored() > 0);

    RunConsumer other = tester.start(counting(byOther), Map.of());
    Eventually.holds(
        "the other works beside it",
        () -> {
          send(sent, 250);
          return byOther.get() > 0;
        });
    send(sent, 15_000);
    other.close();

    Eventually.holds("all stored", () -> tester.storedOnce() == sent.get());
    assertEquals(sent.get(), tester.stored());
  }

  @Test
  void formerOwnersBatchFailsAndChangesNothing() throws Exception {
    UUID former = UUID.randomUUID();
    UUID latter = UUID.randomUUID();
    OffsetSql formerOffsets = new OffsetSql(tester.group, Topics.EVENTS, former);
    OffsetSql latterOffsets = new OffsetSql(tester.group, Topics.EVENTS, latter);
    try (Transactions transactions = new Transactions(tester.database(), Duration.ofSeconds(10))) {
      long next = transactions.run(tx -> formerOffsets.claim(tx, List.of(0))).get(0).next();
      BatchStore store = new BatchStore(transactions, formerOffsets, new ScratchStep());
      List<SourceRecord> batch =
          List.of(new SourceRecord(Topics.EVENTS, 0, next, new byte[] {'x'}));
      List<Move> moves = List.of(new Move(0, next, new Position(next + 1, null)));

      transactions.run(tx -> latterOffsets.claim(tx, List.of(0)));

      assertThrows(Fenced.class, () -> store.store(batch, moves));
      assertThrows(Fenced.class, () -> store.park(batch.get(0), "late", moves));
      assertEquals(0, tester.stored());
      assertEquals(next, transactions.run(tx -> latterOffsets.held(tx, List.of(0))).get(0).next());
    }
  }

  @Test
  void consumerThatHangsLosesItsPartitionsAndItsBatch() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch awake = new CountDownLatch(1);
    tester.sendNumbers(0, 600);
    tester.flush();
    tester.start(hangingOnce(hanging, awake), Map.of("max.poll.interval.ms", 1_500));
    assertTrue(hanging.await(30, TimeUnit.SECONDS));

    AtomicInteger byOther = new AtomicInteger();
    tester.start(counting(byOther), Map.of());
    // the other waits for the row lock of the one that hangs, until its session is gone
    Eventually.holds("other waits or works", () -> byOther.get() > 0 || lockIsAwaited());
    endSessionsThatHang();
    Eventually.holds("other took over", () -> byOther.get() > 0 && tester.stored() == 600);
    awake.countDown();

    tester.sendNumbers(600, 1_200);
    Eventually.holds("all stored", () -> tester.storedOnce() == 1_200);
    assertEquals(1_200, tester.stored());
  }

  @Test
  void consumerWhoseRowsWereTakenJoinsAnewAndGoesOn() throws Exception {
    RunConsumer consumer = tester.start();
    tester.sendNumbers(0, 600);
    Eventually.holds("all stored", () -> tester.stored() == 600);

    tester.execute(
        "UPDATE consumer_offset SET owner = gen_random_uuid() WHERE consumer_group = '%s'"
            .formatted(tester.group));
    tester.sendNumbers(600, 1_200);

    Eventually.holds("all stored", () -> tester.storedOnce() == 1_200);
    assertEquals(1_200, tester.stored());
    Eventually.holds("working", consumer::isWorking);
  }

  private void send(AtomicInteger sent, int count) {
    int from = sent.getAndAdd(count);
    tester.sendNumbers(from, from + count);
    tester.flush();
  }

  private static BatchStep counting(AtomicInteger records) {
    BatchStep scratch = new ScratchStep();
    return (tx, batch) -> {
      List<Rejected> rejected = scratch.write(tx, batch);
      records.addAndGet(batch.size());
      return rejected;
    };
  }

  private static BatchStep hangingOnce(CountDownLatch hanging, CountDownLatch awake) {
    AtomicBoolean first = new AtomicBoolean(true);
    BatchStep scratch = new ScratchStep();
    return (Tx tx, List<SourceRecord> batch) -> {
      List<Rejected> rejected = scratch.write(tx, batch);
      if (first.getAndSet(false)) {
        hanging.countDown();
        try {
          assertTrue(awake.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return rejected;
    };
  }

  private boolean lockIsAwaited() throws Exception {
    return tester.number(
            """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
        > 0;
  }

  private void endSessionsThatHang() throws Exception {
    tester.number(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'
        """);
  }
}
