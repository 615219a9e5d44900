package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.consume.Replay.Begun;
import dev.perilune.runtime.config.KafkaSettings;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReplayIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private ConsumerTester tester;
  private Replay replay;
  private Instant begin;

  @BeforeEach
  void open() throws Exception {
    tester = new ConsumerTester(KAFKA.bootstrapServers(), POSTGRES.settings(), POSTGRES.settings());
    tester.execute("DELETE FROM dead_letter");
    ConsumerSettings settings =
        new ConsumerSettings(
            new KafkaSettings(KAFKA.bootstrapServers(), ConsumerTester.PARTITIONS, 1),
            tester.group,
            500,
            1 << 20);
    replay = new Replay(settings, tester.database());
    begin = Instant.now();
  }

  @AfterEach
  void close() throws Exception {
    replay.close();
    tester.close();
  }

  @Test
  void runningProcessorsReadAgainFromTheTimeOnAndLoseNothingNew() throws Exception {
    tester.start();
    tester.start();
    tester.sendNumbers(0, 600);
    Eventually.holds("all stored", () -> tester.stored() == 600);
    long end = tester.position();

    Begun begun = replay.rewind(begin);
    tester.sendNumbers(600, 900);

    assertEquals(600, begun.events());
    Eventually.holds("read again", () -> replay.done(begun) == 600);
    Eventually.holds("and the new ones", () -> tester.stored() == 1_500);
    assertEquals(900, tester.storedOnce());
    assertEquals(end + 300, tester.position());
  }

  @Test
  void aBatchUnderWayIsNeitherLostNorHalfCounted() throws Exception {
    tester.start();
    tester.sendNumbers(0, 5_000);
    Eventually.holds("some stored", () -> tester.stored() > 0);

    Begun begun = replay.rewind(begin);

    Eventually.holds("all stored", () -> tester.storedOnce() == 5_000);
    Eventually.holds("as often as told", () -> tester.stored() == 5_000 + begun.events());
  }

  @Test
  void aTimeAfterTheLastEventRewindsNothing() throws Exception {
    tester.sendNumbers(0, 60);
    tester.start();
    Eventually.holds("all stored", () -> tester.stored() == 60);

    assertEquals(0, replay.rewind(Instant.now().plusSeconds(60)).events());
    assertEquals(60, tester.stored());
  }

  @Test
  void oneProjectIsReadAgainByItselfBesideTheProcessors() throws Exception {
    UUID project = UUID.randomUUID();
    tester.start();
    for (int i = 0; i < 60; i++) {
      UUID of = i % 3 == 0 ? project : UUID.randomUUID();
      String json = "{\"n\":%d,\"project\":\"%s\"}".formatted(i, of);
      tester.send(i % ConsumerTester.PARTITIONS, json);
    }
    Eventually.holds("all stored", () -> tester.stored() == 60);
    long end = tester.position();

    try (Reread reread = replay.reread(begin, null, new ProjectId(project), new ScratchStep())) {
      while (reread.some()) {
        tester.send(0, "{}");
      }
      assertEquals(60, reread.begun().events());
      assertEquals(60, reread.done());
      assertFalse(reread.some());
    }

    String twice =
        "SELECT count(*) - count(DISTINCT (source_partition, source_offset)) FROM scratch";
    assertEquals(20, tester.number(twice));
    Eventually.holds("the new ones too", () -> tester.position() > end);
  }

  @Test
  void readingAgainUpToATimeLeavesOutWhatCameLater() throws Exception {
    tester.start();
    tester.sendNumbers(0, 60);
    Eventually.holds("all stored", () -> tester.stored() == 60);
    Instant middle = Instant.now().plusMillis(1);
    Eventually.holds("time goes on", () -> Instant.now().isAfter(middle.plusMillis(1)));
    tester.sendNumbers(60, 120);
    Eventually.holds("all stored", () -> tester.stored() == 120);

    try (Reread reread = replay.reread(begin, middle, null, new ScratchStep())) {
      assertEquals(60, reread.begun().events());
      while (reread.some()) {
        Thread.onSpinWait();
      }
    }

    assertEquals(180, tester.stored());
  }

  @Test
  void deadLettersOfTheTimeAreTriedAgainAndThoseBeforeItAreNot() throws Exception {
    tester.start(new ScratchStep(), Map.of());
    tester.send(0, "malformed");
    tester.send(1, "poison");
    Eventually.holds("parked", () -> letters("TRUE") == 2);
    tester.execute("UPDATE dead_letter SET source_offset = -1 WHERE source_partition = 1");

    Begun begun = replay.rewind(begin);

    assertEquals(1, begun.letters());
    Eventually.holds("tried", () -> letters("redrives = 1") == 1);
    assertEquals(1, letters("source_offset = -1 AND redrives = 0"));
  }

  private long letters(String condition) throws Exception {
    return tester.number("SELECT count(*) FROM dead_letter WHERE " + condition);
  }
}
