package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.ORG_KEY;
import static dev.perilune.ingest.GatewayTester.OTHER_PRIVATE_KEY;
import static dev.perilune.ingest.GatewayTester.OTHER_PROJECT;
import static dev.perilune.ingest.GatewayTester.PRIVATE_KEY;
import static dev.perilune.ingest.GatewayTester.PROJECT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.ingest.Published.Envelope;
import dev.perilune.model.RunIds;
import dev.perilune.model.wire.Receipt;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IngestIT {

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;
  private Published published;

  @BeforeAll
  static void start() {
    gateway =
        new GatewayTester(KAFKA.bootstrapServers(), POSTGRES.settings(), Map.of())
            .withProjects()
            .ready();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void listen() {
    published = new Published(KAFKA.bootstrapServers());
  }

  @AfterEach
  void stopListening() {
    published.close();
  }

  @Test
  void anEventIsPublishedNormalisedUnderItsRunWhenItIsAcknowledged() {
    HttpResponse<String> answer =
        gateway.post(
            """
            {"events":[{"event":"start","type":"llm","run_id":"llm-run-id","tags":null,
              "input":{"tool_calls":[NaN]},"timestamp":1704067200000}]}""");

    assertEquals(200, answer.statusCode());
    JsonObject body = new JsonObject(answer.body());
    assertEquals("[{\"success\":true}]", body.getJsonArray("results").encode());
    assertEquals(
        Optional.of(body.getString("receipt")), answer.headers().firstValue("x-perilune-receipt"));
    Envelope envelope = published.next(1).get(0);
    assertEquals(PROJECT.toString(), envelope.project());
    assertEquals(
        new JsonObject(
            """
            {"event":"start","type":"llm","runId":"llm-run-id","input":{"toolCalls":[null]},
             "timestamp":1704067200000}"""),
        envelope.event());
    assertArrayEquals(
        Published.key(PROJECT, UUID.fromString("7354c1fc-28b4-4d9f-ad70-eccc3a9d009d")),
        envelope.key());
    assertTrue(Published.covers(Receipt.parse(body.getString("receipt")), envelope));
  }

  @Test
  void resultsComeInOrderOfTimeWithIdsAsSent() {
    HttpResponse<String> answer =
        gateway.post(
            """
            {"events":[
              {"event":"end","runId":"c","timestamp":"2024-01-01T00:00:02Z"},
              {"event":"feedback","type":null,"runId":"Q\\"\\u00e9"},
              {"event":"start","type":"llm","runId":"a","timestamp":1704067200000},
              {"event":"start","type":"llm","run_id":"b","timestamp":1704067201000},
              {"event":"x","runId":17,"timestamp":1704067201500}]}""");

    assertEquals(
        new JsonArray(
            """
            [{"id":"a","success":true},{"success":true},{"id":17,"success":true},
             {"id":"c","success":true},{"id":"Q\\"é","success":true}]"""),
        results(answer));
    List<Envelope> envelopes = published.next(5);
    assertEquals(0, Published.of(envelopes, "a").json().getInteger("position"));
    assertEquals(3, Published.of(envelopes, "c").json().getInteger("position"));
  }

  @Test
  void refusedEventsLeaveTheirNeighboursAlone() {
    String deep = "[".repeat(2000) + "]".repeat(2000);
    HttpResponse<String> answer =
        gateway.post(
            """
            {"events":[5, {"event":"start","type":"llm"}, {"event":"start","runId":"x"},
              {"event":"chat","type":"thread","runId":"m","message":{}},
              {"event":"chat","type":"thread","runId":"m","parentRunId":"t"},
              {"event":"custom-event","type":"thread","runId":"m","parentRunId":""},
              {"event":"end","runId":7}, {"event":"end","runId":""},
              {"event":"end","runId":"deep","output":%s},
              {"event":"end","runId":"good"}]}"""
                .formatted(deep));

    assertEquals(200, answer.statusCode());
    JsonArray results = results(answer);
    assertEquals(
        List.of(
            "An event must be a JSON object",
            "runId is required",
            "type is required",
            "No parent run ID provided",
            "message is required",
            "No parent run ID provided",
            "runId is required and must be a string",
            "runId is required",
            "The event nests deeper than 500 levels"),
        results.stream()
            .map(JsonObject.class::cast)
            .filter(result -> !result.getBoolean("success"))
            .map(result -> result.getString("error"))
            .toList());
    assertEquals(new JsonObject("{\"id\":\"good\",\"success\":true}"), results.getJsonObject(9));
    assertEquals("good", published.next(1).get(0).event().getString("runId"));
  }

  @Test
  void oddCharactersAndNumbersAreKeptOrMended() {
    HttpResponse<String> answer =
        gateway.post(
            """
            [{"event":"end","runId":"odd","output":["a\\u0000b","x\\ud83d","\\ud83d\\ude00",
              -Infinity,1e999,123456789012345678901234567890]}]""");

    assertEquals(200, answer.statusCode());
    assertEquals(
        List.of("ab", "x\uFFFD", "\uD83D\uDE00"),
        published.next(1).get(0).event().getJsonArray("output").getList().subList(0, 3));
  }

  @Test
  void appIdsRouteEventsOneByOne() {
    String events =
        """
        [{"event":"end","runId":"own","appId":null},
         {"event":"end","runId":"by-project","appId":"%s"},
         {"event":"end","runId":"by-key","app_id":"%s"},
         {"event":"end","runId":"unknown","appId":"%s"},
         {"event":"end","runId":"malformed","appId":"my app"},
         {"event":"end","runId":"org","appId":"%s"}]"""
            .formatted(
                OTHER_PROJECT,
                OTHER_PRIVATE_KEY.toString().toUpperCase(),
                UUID.randomUUID(),
                ORG_KEY);

    HttpResponse<String> answer = gateway.post(events);

    assertEquals(200, answer.statusCode());
    List<Envelope> envelopes = published.next(6);
    String own = PROJECT.toString();
    String other = OTHER_PROJECT.toString();
    for (String runId : new String[] {"own", "unknown", "malformed", "org"}) {
      assertEquals(own, Published.of(envelopes, runId).project(), runId);
    }
    for (String runId : new String[] {"by-project", "by-key"}) {
      assertEquals(other, Published.of(envelopes, runId).project(), runId);
    }
  }

  @Test
  void messagesTravelByThreadAndCarryTheIdsThatPythonDerives() {
    String message =
        """
        {"event":"chat","type":"thread","runId":"msg-1","parentRunId":"th1","message":{"role":"user"},
         "runtime":"%s"}""";

    gateway.post("[" + message.formatted("lunary-js") + "," + message.formatted("lunary-py") + "]");

    List<Envelope> envelopes = published.next(2);
    for (Envelope envelope : envelopes) {
      assertArrayEquals(Published.key(PROJECT, RunIds.seedUuid("th1")), envelope.key());
    }
    JsonObject js = envelopes.get(0).json();
    assertEquals(
        List.of(
            "16fdd792-8763-3dda-5c46-85805f6cd853",
            RunIds.pyUuid("msg-1" + PRIVATE_KEY).toString()),
        js.getJsonArray("runAliases").getList());
    assertEquals(
        List.of(
            "932ca560-a06f-e349-1395-f2bbe4975be2", RunIds.pyUuid("th1" + PRIVATE_KEY).toString()),
        js.getJsonArray("threadAliases").getList());
    assertNull(envelopes.get(1).json().getJsonArray("runAliases"));
  }

  @Test
  void theLegacyReportNamesItsProjectInTheFirstEvent() {
    HttpResponse<String> answer =
        report(
            """
            {"events":[{"event":"start","type":"llm","app":"%s","runId":"r1","extra":{"a":1}},
                       {"event":"end","runId":"r1"}]}"""
                .formatted(PROJECT));

    assertEquals(
        new JsonArray("[{\"id\":\"r1\",\"success\":true},{\"id\":\"r1\",\"success\":true}]"),
        new JsonArray(answer.body()));
    assertTrue(answer.headers().firstValue("x-perilune-receipt").isPresent());
    for (Envelope envelope : published.next(2)) {
      assertEquals(PROJECT.toString(), envelope.project());
    }
    assertEquals(
        200, report("{\"events\":[{\"projectId\":\"" + OTHER_PROJECT + "\"}]}").statusCode());
  }

  @Test
  void metersCountEventsAndRefusals() {
    double accepted = gateway.meter("perilune_ingest_accepted_events_total");
    double refused = gateway.meter("perilune_ingest_refused_events_total");

    gateway.post("[{\"event\":\"end\",\"runId\":\"a\"},{\"event\":\"end\"},7]");

    assertEquals(accepted + 1, gateway.meter("perilune_ingest_accepted_events_total"));
    assertEquals(refused + 2, gateway.meter("perilune_ingest_refused_events_total"));
    assertEquals(1, gateway.meter("perilune_ingest_broker_up"));
    GatewayTester.eventually(
        "nothing in flight", () -> gateway.meter("perilune_ingest_in_flight_bytes") == 0);
  }

  private HttpResponse<String> report(String body) {
    return gateway.send(
        "POST",
        "/api/report",
        body.getBytes(StandardCharsets.UTF_8),
        "Content-Type",
        "application/json");
  }

  private static JsonArray results(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonArray("results");
  }
}
