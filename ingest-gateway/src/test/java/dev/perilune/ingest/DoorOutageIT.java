package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.OTHER_PRIVATE_KEY;
import static dev.perilune.ingest.GatewayTester.OTHER_PROJECT;
import static dev.perilune.ingest.GatewayTester.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.ingest.Published.Envelope;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DoorOutageIT {
  private static final String EVENT = "{\"event\":\"end\",\"runId\":\"%s\",\"output\":\"o\"}";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir private Path dir;

  @Test
  void aRestartOfTheDoorLosesNothingAndWhatIsTakenTwiceIsTheSame() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start(dir, 0)) {
      GatewayTester first = gateway(broker.bootstrapServers(), POSTGRES.settings());
      try (Published published = new Published(broker.bootstrapServers());
          DoorTester door = new DoorTester(broker.bootstrapServers())) {
        IntStream.range(0, 50).forEach(i -> door.send(EVENT.formatted("a" + i)));
        List<Envelope> before = published.runs(50);
        first.close();
        IntStream.range(0, 50).forEach(i -> door.send(EVENT.formatted("b" + i)));

        try (GatewayTester second = gateway(broker.bootstrapServers(), POSTGRES.settings())) {
          assertEquals(runs("b", 50), ids(published.runs(50)));
          assertEquals(50, second.meter("perilune_ingest_door_records_total"));
        }

        door.rewind();
        try (GatewayTester third = gateway(broker.bootstrapServers(), POSTGRES.settings())) {
          List<Envelope> again = published.runs(100);
          assertEquals(values(before), values(again, "a"));
          assertEquals(100, third.meter("perilune_ingest_door_records_total"));
        }
      }
    }
  }

  @Test
  void theDoorGoesOnAfterTheBrokerWasAway() throws IOException {
    int port = freePort();
    String address = "127.0.0.1:" + port;
    EmbeddedKafka broker = EmbeddedKafka.start(dir, port);
    try (GatewayTester gateway = gateway(address, POSTGRES.settings())) {
      try (DoorTester door = new DoorTester(address)) {
        door.send(EVENT.formatted("before"));
        eventually("taken", () -> gateway.meter("perilune_ingest_door_records_total") == 1);
      }
      broker.close();
      eventually("down", () -> gateway.send("GET", "/v1/health", new byte[0]).statusCode() == 503);
      broker = EmbeddedKafka.start(dir, port);
      gateway.ready();
      try (Published published = new Published(address);
          DoorTester door = new DoorTester(address)) {
        door.send(EVENT.formatted("after"));
        // the offset of the record before may not have been committed: then it comes once more
        Set<String> seen = new HashSet<>();
        while (!seen.contains("after")) {
          seen.addAll(ids(published.next(1)));
        }
      }
    } finally {
      broker.close();
    }
  }

  @Test
  void aRecordWhoseKeyNobodyCanCheckWaitsForTheDatabase() {
    PgSettings pg = POSTGRES.settings();
    Vertx vertx = Vertx.vertx();
    TcpGate gate = new TcpGate(vertx, pg.host(), pg.port());
    PgSettings gated =
        new PgSettings(
            "127.0.0.1", gate.port(), pg.database(), pg.user(), pg.password(), "disable", 2);
    try (EmbeddedKafka broker = EmbeddedKafka.start(dir, 0);
        GatewayTester gateway = gateway(broker.bootstrapServers(), gated);
        Published published = new Published(broker.bootstrapServers());
        DoorTester door = new DoorTester(broker.bootstrapServers())) {
      door.send(EVENT.formatted("known"));
      assertEquals(Set.of("known"), ids(published.next(1)));

      int port = gate.port();
      gate.shut();
      door.send(
          EVENT.formatted("unknown").getBytes(StandardCharsets.UTF_8),
          "authorization",
          "Bearer " + OTHER_PRIVATE_KEY);
      eventually("it waits", () -> gateway.meter("perilune_ingest_door_retries_total") > 1);
      assertEquals(200, gateway.post("[" + EVENT.formatted("http") + "]").statusCode());
      assertEquals(Set.of("http"), ids(published.next(1)));
      assertEquals(200, gateway.send("GET", "/v1/health", new byte[0]).statusCode());

      gate.open(port);
      Envelope envelope = published.next(1).get(0);
      assertEquals("unknown", envelope.event().getString("runId"));
      assertEquals(OTHER_PROJECT.toString(), envelope.project());
    } finally {
      GatewayTester.await(vertx.close());
    }
  }

  private static GatewayTester gateway(String bootstrapServers, PgSettings pg) {
    return new GatewayTester(bootstrapServers, pg, Map.of()).withProjects().ready();
  }

  private static Set<String> runs(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.toSet());
  }

  private static Set<String> ids(List<Envelope> envelopes) {
    return envelopes.stream()
        .map(envelope -> envelope.event().getString("runId"))
        .collect(Collectors.toSet());
  }

  private static Set<String> values(List<Envelope> envelopes, String prefix) {
    return values(
        envelopes.stream()
            .filter(envelope -> envelope.event().getString("runId").startsWith(prefix))
            .toList());
  }

  private static Set<String> values(List<Envelope> envelopes) {
    return envelopes.stream().map(envelope -> envelope.json().encode()).collect(Collectors.toSet());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
