package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoreOutageIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private CuttableLink link;
  private ConsumerTester tester;

  @BeforeEach
  void open() throws Exception {
    PgSettings direct = POSTGRES.settings();
    link = new CuttableLink(direct.port());
    PgSettings cuttable =
        new PgSettings(
            direct.host(),
            link.port(),
            direct.database(),
            direct.user(),
            direct.password(),
            direct.sslMode(),
            direct.poolSize());
    tester = new ConsumerTester(KAFKA.bootstrapServers(), cuttable, direct);
  }

  @AfterEach
  void close() throws Exception {
    tester.close();
    link.close();
  }

  @Test
  void databaseThatGoesAwayPausesAndItsReturnResumes() throws Exception {
    RunConsumer consumer = tester.start();
    tester.sendNumbers(0, 600);
    Eventually.holds("all stored", () -> tester.stored() == 600);
    Eventually.holds("working", consumer::isWorking);

    link.cut();
    tester.sendNumbers(600, 1_800);
    Eventually.holds("paused", () -> !consumer.isWorking());
    link.mend();

    Eventually.holds("all stored", () -> tester.storedOnce() == 1_800);
    assertEquals(1_800, tester.stored());
    Eventually.holds("working again", consumer::isWorking);
  }

  @Test
  void databaseThatIsAwayAtStartIsWaitedFor() throws Exception {
    link.cut();
    tester.sendNumbers(0, 600);
    RunConsumer consumer = tester.start();
    Eventually.holds("waiting in the group", () -> tester.membersWithPartitions() == 1);
    assertFalse(consumer.isWorking());

    link.mend();

    Eventually.holds("all stored", () -> tester.stored() == 600);
    Eventually.holds("working", consumer::isWorking);
  }

  @Test
  void connectionsThatBreakAllTheTimeNeitherLoseNorDouble() throws Exception {
    tester.start();
    for (int round = 0; round < 20; round++) {
      tester.sendNumbers(round * 300, (round + 1) * 300);
      long stored = tester.stored();
      Eventually.holds("some progress", () -> tester.stored() > stored);
      link.cut();
      link.mend();
    }

    Eventually.holds("all stored", () -> tester.storedOnce() == 6_000);
    assertEquals(6_000, tester.stored());
  }

  @Test
  void whatIsRevokedDuringAnOutageIsStoredByItsNewOwner() throws Exception {
    tester.start();
    tester.sendNumbers(0, 600);
    Eventually.holds("all stored", () -> tester.stored() == 600);

    link.cut();
    tester.sendNumbers(600, 1_800);
    tester.start(new ScratchStep(), Map.of());
    Eventually.holds("both in the group", () -> tester.membersWithPartitions() == 2);
    link.mend();

    Eventually.holds("all stored", () -> tester.storedOnce() == 1_800);
    assertEquals(1_800, tester.stored());
  }
}
