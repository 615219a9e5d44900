package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.model.wire.Topics;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker that comes back without the end of its log, as after a power cut. */
class LostTailIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path dir;

  @Test
  void recordsThatTakeTheOffsetsOfLostOnesAreStored() throws Exception {
    EmbeddedKafka broker = EmbeddedKafka.start(dir, 0);
    int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
    ConsumerTester tester =
        new ConsumerTester(broker.bootstrapServers(), POSTGRES.settings(), POSTGRES.settings());
    RunConsumer before = tester.start();
    for (int number = 0; number < 20; number++) {
      tester.send(0, "old" + number);
      tester.flush(); // a batch each, so that the log can end between them
    }
    Eventually.holds("all stored", () -> tester.stored() == 20);
    before.close();

    broker.close();
    loseTail(dir.resolve("log").resolve(Topics.EVENTS + "-0"));
    EmbeddedKafka again = EmbeddedKafka.start(dir, port);
    Eventually.holds("the topic has leaders", tester::topicIsReady);
    long end = tester.ends().get(new TopicPartition(Topics.EVENTS, 0));
    assertTrue(end > 0 && end < 20, "The log ends at " + end);
    for (int number = 0; number < 40; number++) {
      tester.send(0, "new" + number);
    }
    tester.flush();

    tester.start();
    Eventually.holds(
        "all new records stored",
        () -> tester.number("SELECT count(*) FROM scratch WHERE body LIKE 'new%'") == 40);
    assertEquals(60, tester.stored());
    tester.close();
    again.close();
  }

  /** Cuts the log in half; the broker must not believe that it was shut down in order. */
  private static void loseTail(Path partition) throws IOException {
    Files.deleteIfExists(partition.resolveSibling(".kafka_cleanshutdown"));
    Path segment = partition.resolve("00000000000000000000.log");
    try (FileChannel log = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      log.truncate(Files.size(segment) / 2);
    }
  }
}
