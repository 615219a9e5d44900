package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LimitsIT {

  private static final int LIMIT = 4 << 20;
  private static final int BUDGET = 10 << 20;
  private static final String TOO_LARGE = "413 {\"message\":\"request entity too large\"}";

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;

  @BeforeAll
  static void start() {
    gateway =
        new GatewayTester(
                KAFKA.bootstrapServers(),
                POSTGRES.settings(),
                Map.of(
                    "PERILUNE_MAX_BODY_BYTES", Integer.toString(LIMIT),
                    "PERILUNE_INFLIGHT_BYTES", Integer.toString(BUDGET)))
            .withProjects()
            .ready();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void anEventAsLargeAsTheLimitTravelsWhole() {
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      String event = "[{\"event\":\"end\",\"runId\":\"big\",\"output\":\"%s\"}]";
      // noise that no compression shortens, and that takes more bytes once normalised
      String output = noise(LIMIT - event.length() + 2);

      HttpResponse<String> answer = gateway.post(event.formatted(output));

      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains("\"success\":true"), answer.body());
      assertEquals(output, published.next(1).get(0).event().getString("output"));
    }
  }

  @Test
  void oneByteMoreThanTheLimitIsTooLarge() {
    byte[] body = padded(LIMIT + 1);

    assertEquals(200, gateway.post(padded(LIMIT)).statusCode());
    assertEquals(TOO_LARGE, text(gateway.post(body)));
  }

  @Test
  void aDeclaredLengthOverTheLimitIsAnsweredBeforeTheBody() throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      client.head("Content-Length: " + (50 << 20));

      assertEquals(413, client.status());
    }
    try (RawClient client = new RawClient(gateway.port())) {
      client.head("Expect: 100-continue", "Content-Length: " + (50 << 20));

      assertEquals(413, client.status());
    }
  }

  @Test
  void aLongBodyOverTheLimitIsAnsweredThoughItIsStillBeingSent() throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      client.head("Content-Length: " + (50 << 20));
      client.send(new byte[50 << 20]);

      assertEquals(413, client.status());
      client.skipAnswer();
      client.head("Content-Length: 2");
      client.send("[]".getBytes(StandardCharsets.UTF_8));

      assertEquals(200, client.status());
    }
    assertEquals(0, inFlight());
  }

  @Test
  void chunksThatAddUpToTooMuchAreTooLarge() throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      client.head("Transfer-Encoding: chunked");
      byte[] chunk = new byte[1 << 20];
      for (int i = 0; i < 5; i++) {
        client.send("100000\r\n".getBytes(StandardCharsets.US_ASCII));
        client.send(chunk);
        client.send("\r\n".getBytes(StandardCharsets.US_ASCII));
      }

      assertEquals(413, client.status());
    }
  }

  @Test
  void clientsThatWaitToContinueAreToldTo() throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      client.head("Expect: 100-continue", "Content-Length: 2");

      assertEquals(100, client.status());
      client.send("[]".getBytes(StandardCharsets.UTF_8));
      client.skipAnswer();
      assertEquals(200, client.status());
    }
  }

  @Test
  void compressedBodiesAreRead() throws IOException {
    byte[] small = "{\"events\":[]}".getBytes(StandardCharsets.UTF_8);
    for (byte[] body : List.of(small, padded(1 << 20), noisyEvents(100_000))) {
      assertEquals(
          200, gateway.post(Compressed.gzip(body), "Content-Encoding", "gzip").statusCode());
      assertEquals(
          200,
          gateway
              .post(Compressed.deflate(body, false), "Content-Encoding", "deflate")
              .statusCode());
      assertEquals(
          200,
          gateway.post(Compressed.deflate(body, true), "Content-Encoding", "Deflate").statusCode());
      assertEquals(200, gateway.post(body, "Content-Encoding", "identity").statusCode());
    }
  }

  @Test
  void aBodyThatExplodesIsTooLarge() throws IOException {
    byte[] bomb = Compressed.gzip(new byte[200 << 20]);

    assertTrue(bomb.length < 1 << 20);
    assertEquals(TOO_LARGE, text(gateway.post(bomb, "Content-Encoding", "gzip")));
    assertEquals(
        TOO_LARGE,
        text(gateway.post(Compressed.gzip(padded(LIMIT + 1)), "Content-Encoding", "gzip")));
    assertEquals(
        200, gateway.post(Compressed.gzip(padded(LIMIT)), "Content-Encoding", "gzip").statusCode());
  }

  @Test
  void brokenOrUnknownCompressionIsABadRequest() throws IOException {
    byte[] cut = Arrays.copyOf(Compressed.gzip(noisyEvents(50_000)), 20_000);

    assertEquals(400, gateway.post(cut, "Content-Encoding", "gzip").statusCode());
    assertEquals(
        400,
        gateway
            .post("[]".getBytes(StandardCharsets.UTF_8), "Content-Encoding", "gzip")
            .statusCode());
    assertEquals(
        400,
        gateway
            .post("[]".getBytes(StandardCharsets.UTF_8), "Content-Encoding", "deflate")
            .statusCode());
    assertEquals(
        400,
        gateway.post("[]".getBytes(StandardCharsets.UTF_8), "Content-Encoding", "br").statusCode());
  }

  @Test
  void slowClientsHoldOnlyWhatTheySentAndBlockNobody() throws IOException {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        RawClient client = new RawClient(gateway.port());
        slow.add(client);
        client.head("Content-Length: " + LIMIT);
        client.send(new byte[10_000]);
      }
      eventually("all are being read", () -> inFlight() >= 50 * 10_000);

      assertTrue(inFlight() <= 50 * 10_000 + 1000);
      assertEquals(200, gateway.post(padded(LIMIT)).statusCode());
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
    eventually("aborted clients give their share back", () -> inFlight() == 0);
  }

  @Test
  void bytesBeyondTheBudgetAreToldToComeBackAndTheOthersGoOn() throws IOException {
    List<RawClient> greedy = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        RawClient client = new RawClient(gateway.port());
        greedy.add(client);
        client.head("Content-Length: " + LIMIT);
        client.send(new byte[2_000_000]);
      }
      eventually("the budget is nearly used up", () -> inFlight() >= 5 * 2_000_000);

      HttpResponse<String> answer = gateway.post(padded(1 << 20));

      assertEquals(503, answer.statusCode(), answer.body());
      assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
      assertEquals(200, gateway.post("[]").statusCode());
    } finally {
      for (RawClient client : greedy) {
        client.close();
      }
    }
    eventually("a body finds room again", () -> gateway.post(padded(1 << 20)).statusCode() == 200);
  }

  private static double inFlight() {
    return gateway.meter("perilune_ingest_in_flight_bytes");
  }

  private static String text(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body();
  }

  /** An acceptable body of exactly so many bytes. */
  private static byte[] padded(int size) {
    String frame = "{\"x\":\"\",\"events\":[]}";
    return ("{\"x\":\"" + "a".repeat(size - frame.length()) + "\",\"events\":[]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noisyEvents(int size) {
    return ("{\"x\":\"" + noise(size) + "\",\"events\":[]}").getBytes(StandardCharsets.UTF_8);
  }

  private static String noise(int size) {
    return new Random(1)
        .ints(size, 'A', 'z')
        .map(c -> c == '\\' ? '_' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
