package dev.perilune.query.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.Topics;
import dev.perilune.query.QuerySettings;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  // room for the two that a test may have hung up on a moment ago, and a third
  private static final int MOST_CLIENTS = 3;
  private static final String PARENT = "aaaaaaaa-0000-4000-8000-000000000001";

  private QueryTester api;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void makeTopic() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(Topics.RUNS, 3, (short) 1)))
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  @BeforeEach
  void start() {
    api =
        new QueryTester(
            POSTGRES.settings(),
            new QuerySettings(
                Duration.ofSeconds(10),
                QueryTester.UNLIMITED,
                QueryTester.GROUP,
                new LiveSettings(KAFKA.bootstrapServers(), MOST_CLIENTS)));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void stop() throws SQLException {
    producer.close();
    api.close();
  }

  @Test
  void changesOfTheProjectComeAndNoOthers() throws Exception {
    publish(QueryTester.PROJECT, "before anybody listened", "llm", "null", "null");
    try (Listener listener = new Listener("")) {
      publish(QueryTester.FOREIGN, "foreign", "llm", "null", "null");
      publish(QueryTester.PROJECT, "mine", "llm", "null", "null");
      assertEquals("mine", listener.nextName());
    }
  }

  @Test
  void filtersAreThoseOfTheList() throws Exception {
    try (Listener tools = new Listener("?type=tool");
        Listener children = new Listener("?parentRunId=" + PARENT)) {
      publish(QueryTester.PROJECT, "llm", "llm", "null", "null");
      publish(QueryTester.PROJECT, "child", "llm", "\"" + PARENT + "\"", "\"agent\"");
      publish(QueryTester.PROJECT, "tool", "tool", "null", "null");
      assertEquals("tool", tools.nextName());
      assertEquals("child", children.nextName());
    }
    try (Listener traces = new Listener("?type=trace")) {
      publish(QueryTester.PROJECT, "inner", "agent", "\"" + PARENT + "\"", "\"agent\"");
      publish(QueryTester.PROJECT, "below chat", "agent", "\"" + PARENT + "\"", "\"chat\"");
      publish(QueryTester.PROJECT, "llm", "llm", "null", "null");
      publish(QueryTester.PROJECT, "top", "chain", "null", "null");
      assertEquals("below chat", traces.nextName());
      assertEquals("top", traces.nextName());
    }
    assertEquals(422, api.get("/v1/runs/live?metadata=a.b").status());
  }

  @Test
  void oneTooManyIsRefusedUntilSomebodyLeaves() throws Exception {
    try (Listener first = new Listener("");
        Listener second = new Listener("?type=tool")) {
      Listener third = new Listener("");
      assertEquals(503, api.get("/v1/runs/live").status());
      third.close();
      Eventually.holds("room again", this::isOneMoreLetIn);
      publish(QueryTester.PROJECT, "tool", "tool", "null", "null");
      assertEquals("tool", first.nextName());
      assertEquals("tool", second.nextName());
    }
  }

  @Test
  void whoIsTooSlowIsToldHowMuchItMissedAndHoldsNobodyUp() throws Exception {
    String filler = "x".repeat(20_000);
    int sent = 4_000;
    try (Listener slow = new Listener("");
        Listener fast = new Listener("?type=tool")) {
      for (int i = 0; i < sent; i++) {
        publish(QueryTester.PROJECT, filler, "llm", "null", "null");
      }
      publish(QueryTester.PROJECT, "last", "tool", "null", "null");
      assertEquals("last", fast.nextName());

      int told = 0;
      int missed = 0;
      while (told + missed < sent + 1) {
        String event = slow.next();
        if (event.startsWith("event: dropped")) {
          missed += Integer.parseInt(event.replaceAll("\\D+", ""));
        } else {
          told++;
        }
      }
      assertTrue(missed > 0, "nothing dropped");
      assertEquals(sent + 1, told + missed);
    }
  }

  @Test
  void rubbishInTheTopicHarmsNobody() throws Exception {
    try (Listener listener = new Listener("")) {
      producer.send(new ProducerRecord<>(Topics.RUNS, new byte[3], new byte[] {1}));
      producer.send(new ProducerRecord<>(Topics.RUNS, key(QueryTester.PROJECT), new byte[] {1}));
      producer.send(new ProducerRecord<>(Topics.RUNS, key(QueryTester.PROJECT), null));
      publish(QueryTester.PROJECT, "good", "llm", "null", "null");
      assertEquals("good", listener.nextName());
    }
  }

  @Test
  void withoutBrokersTheAnswerSaysWhatIsMissing() throws Exception {
    try (QueryTester alone = new QueryTester(POSTGRES.settings())) {
      QueryTester.Reply reply = alone.get("/v1/runs/live");
      assertEquals(503, reply.status());
      assertTrue(reply.body().contains("KAFKA_BOOTSTRAP_SERVERS"), reply.body());
      assertEquals(401, alone.getAnonymously("/v1/runs/live").status());
      assertEquals(401, alone.get("/v1/runs/live", QueryTester.PROJECT).status());
    }
  }

  private boolean isOneMoreLetIn() throws IOException {
    try {
      new Listener("").close();
      return true;
    } catch (RefusedException refused) {
      return false;
    }
  }

  private void publish(
      String project, String name, String type, String parentJson, String parentTypeJson)
      throws Exception {
    String json =
        """
        {"name":"%s","type":"%s","parentRunId":%s,"parentType":%s,"tags":["a"],"tokens":{"prompt":1}}"""
            .formatted(name, type, parentJson, parentTypeJson);
    // one key, so one partition and one order
    producer
        .send(
            new ProducerRecord<>(Topics.RUNS, key(project), json.getBytes(StandardCharsets.UTF_8)))
        .get(20, TimeUnit.SECONDS);
  }

  private static byte[] key(String project) {
    return Topics.key(new ProjectId(UUID.fromString(project)), new UUID(1, 2));
  }

  /** Reads no faster than it is asked to. */
  private final class Listener implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Listener(String query) throws IOException {
      socket = new Socket();
      socket.setReceiveBufferSize(64 << 10);
      socket.connect(new InetSocketAddress("127.0.0.1", api.port()));
      socket.setSoTimeout(20_000);
      String request =
          "GET /v1/runs/live%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(query, QueryTester.PRIVATE_KEY);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      if (line == null || !line.startsWith("HTTP/1.1 200")) {
        socket.close();
        throw new RefusedException(line);
      }
      while (line != null && !line.equals("event: ready")) {
        line = lines.readLine();
      }
    }

    String nextName() throws IOException {
      String event = next();
      return QueryTester.tree(event.substring(event.indexOf('{'))).path("name").asText();
    }

    /** The lines of the next event together, without what chunked encoding puts between. */
    String next() throws IOException {
      String line = lines.readLine();
      while (!line.startsWith("event: ")) {
        line = lines.readLine();
      }
      return line + " " + lines.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String statusLine) {
      super(statusLine);
    }
  }
}
