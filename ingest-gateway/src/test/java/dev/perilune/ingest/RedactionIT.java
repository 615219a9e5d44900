package dev.perilune.ingest;

import static dev.perilune.ingest.DoorTester.header;
import static dev.perilune.ingest.GatewayTester.OTHER_PRIVATE_KEY;
import static dev.perilune.ingest.GatewayTester.OTHER_PROJECT;
import static dev.perilune.ingest.GatewayTester.PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedactionIT {
  private static final Duration IN_FORCE = Duration.ofSeconds(20);
  private static final String SECRETS =
      "[\"AND\",{\"id\":\"tags\",\"params\":{\"tags\":[\"secret\"]}}]";
  private static final String MARKER = "__NOT_INGESTED__";

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final Meters meters = new Meters();
  private Vertx vertx;
  private Database database;
  private TcpGate gate;
  private GatewayTester gateway;
  private Published published;
  private DoorTester door;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    PgSettings pg = POSTGRES.settings();
    database = Database.open(vertx, pg, meters);
    sql("DELETE FROM ingestion_rule", Tuple.tuple());
    gate = new TcpGate(vertx, pg.host(), pg.port());
    gateway =
        new GatewayTester(
                KAFKA.bootstrapServers(),
                new PgSettings(
                    "127.0.0.1",
                    gate.port(),
                    pg.database(),
                    pg.user(),
                    pg.password(),
                    "disable",
                    2),
                Map.of())
            .withProjects()
            .ready();
    published = new Published(KAFKA.bootstrapServers());
    door = new DoorTester(KAFKA.bootstrapServers());
  }

  @AfterEach
  void stop() {
    door.close();
    published.close();
    gateway.close();
    GatewayTester.await(database.close());
    GatewayTester.await(vertx.close());
    meters.close();
  }

  @Test
  void aHiddenEventReachesTheLogWithoutItsContentWhicheverDoorItComesThrough() {
    rule(PROJECT, "filtering", SECRETS);
    String start =
        """
        {"event":"start","type":"llm","runId":"%s","name":"gpt","tags":["secret"],"input":"clear",
         "params":{"temperature":0.10},"timestamp":1704067200000}""";
    inForce(() -> MARKER.equals(input(start.formatted("probe"))));

    gateway.post("[" + start.formatted("http") + "]");
    door.send(start.formatted("kafka"));

    List<Published.Envelope> envelopes = published.next(2);
    for (String run : List.of("http", "kafka")) {
      assertEquals(
          new JsonObject(start.formatted(run)).put("input", MARKER).put("output", MARKER),
          Published.of(envelopes, run).event());
    }
    assertEquals("clear", input(start.formatted("open").replace("secret", "public")));
  }

  @Test
  void theEndOfARunThatWasHiddenHereIsHiddenToo() {
    rule(PROJECT, "filtering", SECRETS);
    String start =
        "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"%s\",\"tags\":[\"secret\"],\"input\":1}";
    String end =
        "{\"event\":\"end\",\"runId\":\"%s\",\"output\":\"clear\",\"tokensUsage\":{\"prompt\":9}}";
    inForce(() -> MARKER.equals(input(start.formatted("probe"))));

    gateway.post("[" + start.formatted("r") + "]");
    gateway.post("[" + end.formatted("r") + "," + end.formatted("other") + "]");

    List<Published.Envelope> envelopes = published.next(3);
    JsonObject hidden =
        envelopes.stream()
            .map(Published.Envelope::event)
            .filter(event -> event.getString("event").equals("end"))
            .filter(event -> event.getString("runId").equals("r"))
            .findFirst()
            .orElseThrow();
    assertEquals(MARKER, hidden.getString("output"));
    assertEquals(9, hidden.getJsonObject("tokensUsage").getInteger("prompt"));
    assertEquals("clear", Published.of(envelopes, "other").event().getString("output"));
  }

  @Test
  void aUserIsNamedByItsInternalIdAndMessagesAreHiddenToo() {
    sql(
        "INSERT INTO external_user (project_id, external_id, created_at, last_seen)"
            + " VALUES ($1, 'ann', now(), now()), ($1, 'bob', now(), now())",
        Tuple.of(PROJECT));
    sql(
        """
        INSERT INTO ingestion_rule (project_id, type, filters)
        SELECT project_id, 'filtering',
               jsonb_build_array('AND', jsonb_build_object(
                 'id', 'users', 'params', jsonb_build_object('users', jsonb_build_array(id, 99))))
          FROM external_user
         WHERE project_id = $1 AND external_id = 'ann'
        """,
        Tuple.of(PROJECT));
    String chat =
        """
        {"event":"chat","type":"thread","runId":"m","parentRunId":"t","userId":"%s",
         "message":{"role":"user","content":"clear"}}""";
    inForce(() -> MARKER.equals(content(chat.formatted("ann"))));

    assertEquals("clear", content(chat.formatted("bob")));
  }

  @Test
  void personalDataIsMaskedOnlyWhereAProjectAsksForIt() {
    rule(PROJECT, "masking", "{\"mode\":\"ingestion\",\"types\":[\"email\",\"cc\"]}");
    String start =
        """
        {"event":"start","type":"llm","runId":"p","userId":"ann@example.com",
         "input":[{"content":"I am ann@example.com, 4111 1111 1111 1111, 123-45-6789"}]}""";
    String masked = "[{\"content\":\"I am [EMAIL], [CREDIT_CARD], 123-45-6789\"}]";
    inForce(() -> masked.equals(String.valueOf(event(start).getValue("input"))));

    assertEquals("ann@example.com", event(start).getString("userId"));
    gateway.send(
        "POST",
        "/v1/runs/ingest",
        ("[" + start + "]").getBytes(StandardCharsets.UTF_8),
        "Authorization",
        "Bearer " + OTHER_PRIVATE_KEY,
        "Content-Type",
        "application/json");
    assertTrue(published.next(1).get(0).event().encode().contains("4111 1111"));
  }

  @Test
  void whatIsRefusedShowsNoMoreThanWhatIsTaken() {
    rule(PROJECT, "masking", "{\"mode\":\"ingestion\"}");
    String start = "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"q\",\"input\":\"a@b.co\"}";
    inForce(() -> "[EMAIL]".equals(input(start)));

    door.send("[\"a@b.co\",{\"event\":\"start\",\"type\":\"llm\",\"input\":\"a@b.co\"}]");
    List<ConsumerRecord<byte[], byte[]>> letters = door.refused(2);
    door.send("{\"event\":\"a@b.co\"");
    ConsumerRecord<byte[], byte[]> broken = door.refused(1).get(0);

    for (ConsumerRecord<byte[], byte[]> letter : letters) {
      assertFalse(new String(letter.value(), StandardCharsets.UTF_8).contains("a@b.co"));
    }
    assertNull(broken.value());
    assertEquals(PROJECT.toString(), header(broken, "project"));
  }

  @Test
  void rulesStayInForceWhilePostgresIsAway() {
    rule(PROJECT, "filtering", SECRETS);
    String start =
        "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\",\"tags\":[\"secret\"],\"input\":1}";
    inForce(() -> MARKER.equals(input(start)));

    gate.shut();

    long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
    while (System.nanoTime() < until) {
      assertEquals(MARKER, input(start));
    }
  }

  @Test
  void rulesThatNobodyUnderstandsHideEverythingOfTheirProjectAlone() {
    rule(OTHER_PROJECT, "filtering", "{\"id\":\"tags\"}");
    rule(PROJECT, "filtering", SECRETS);
    String start =
        "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\",\"tags\":[\"%s\"],\"input\":\"i\"%s}";
    inForce(() -> MARKER.equals(input(start.formatted("secret", ""))));

    assertEquals("i", input(start.formatted("x", "")));
    assertEquals(MARKER, input(start.formatted("x", ",\"appId\":\"" + OTHER_PROJECT + "\"")));
  }

  private void rule(UUID project, String type, String filters) {
    sql(
        "INSERT INTO ingestion_rule (project_id, type, filters) VALUES ($1, $2, $3::text::jsonb)",
        Tuple.of(project, type, filters));
  }

  private void sql(String statement, Tuple values) {
    GatewayTester.await(database.query(statement, values));
  }

  /** Waits for the promise that a rule holds within five seconds of being saved. */
  private static void inForce(BooleanSupplier holds) {
    long deadline = System.nanoTime() + IN_FORCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not in force within " + IN_FORCE);
    }
  }

  private Object input(String event) {
    return event(event).getValue("input");
  }

  private String content(String event) {
    return event(event).getJsonObject("message").getString("content");
  }

  /** The event as the log has it after it was posted. */
  private JsonObject event(String event) {
    assertEquals(200, gateway.post("[" + event + "]").statusCode());
    return published.next(1).get(0).event();
  }
}
