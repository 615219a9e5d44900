package dev.perilune.processor.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class BrokerOutageIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path dir;

  @Test
  void brokerThatRestartsIsReadOn() throws Exception {
    EmbeddedKafka broker = EmbeddedKafka.start(dir, 0);
    int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
    ConsumerTester tester =
        new ConsumerTester(broker.bootstrapServers(), POSTGRES.settings(), POSTGRES.settings());
    RunConsumer consumer = tester.start();
    tester.sendNumbers(0, 600);
    Eventually.holds("all stored", () -> tester.stored() == 600);

    broker.close();
    Eventually.holds("not working", () -> !consumer.isWorking());
    EmbeddedKafka again = EmbeddedKafka.start(dir, port);
    tester.sendNumbers(600, 1_200);

    Eventually.holds("all stored", () -> tester.storedOnce() == 1_200);
    assertEquals(1_200, tester.stored());
    Eventually.holds("working", consumer::isWorking);
    tester.close();
    again.close();
  }
}
