package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.Tx;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedriveIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final AtomicBoolean isFixed = new AtomicBoolean();
  private ConsumerTester tester;

  @BeforeEach
  void open() throws Exception {
    tester = new ConsumerTester(KAFKA.bootstrapServers(), POSTGRES.settings(), POSTGRES.settings());
    tester.execute("DELETE FROM dead_letter");
  }

  @AfterEach
  void close() throws Exception {
    tester.close();
  }

  @Test
  void afterAFixLettersAreStoredOnceAndGone() throws Exception {
    tester.start(this::fixable, Map.of());
    for (int i = 0; i < 40; i++) {
      tester.send(i % ConsumerTester.PARTITIONS, i % 4 == 0 ? "bug" : "n" + i);
    }
    Eventually.holds("neighbours stored, the rest parked", () -> letters() == 10);
    Eventually.holds("neighbours stored", () -> tester.stored() == 30);
    long before = tester.position();
    isFixed.set(true);

    redrive();

    Eventually.holds("no letters left", () -> letters() == 0);
    assertEquals(40, tester.stored());
    assertEquals(40, tester.storedOnce());
    assertEquals(before, tester.position());
  }

  @Test
  void whatStillCannotBeStoredStaysWithItsNewReasonAndHoldsNothingUp() throws Exception {
    tester.start(this::fixable, Map.of());
    tester.send(0, "bug");
    tester.send(0, "poison");
    tester.send(1, "malformed");
    Eventually.holds("parked", () -> letters() == 3);
    tester.execute("UPDATE dead_letter SET reason = 'old'");
    isFixed.set(true);

    redrive();
    tester.send(0, "next");

    Eventually.holds("the mended one and the next are stored", () -> tester.stored() == 2);
    Eventually.holds("the others are tried", () -> requested() == 0);
    assertEquals(1, letters("The database refuses this record (SQLSTATE 23514)"));
    assertEquals(1, letters("not an event"));
    assertEquals(2, tester.number("SELECT sum(redrives) FROM dead_letter"));
  }

  private List<Rejected> fixable(Tx tx, List<SourceRecord> records) {
    return new ScratchStep(isFixed.get()).write(tx, records);
  }

  private void redrive() throws Exception {
    tester.execute("UPDATE dead_letter SET redrive_requested_at = now()");
  }

  private long letters() throws Exception {
    return tester.number("SELECT count(*) FROM dead_letter");
  }

  private long requested() throws Exception {
    return tester.number("SELECT count(*) FROM dead_letter WHERE redrive_requested_at IS NOT NULL");
  }

  private long letters(String reason) throws Exception {
    return tester.number("SELECT count(*) FROM dead_letter WHERE reason = ?", reason);
  }
}
