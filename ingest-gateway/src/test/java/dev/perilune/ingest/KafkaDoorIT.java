package dev.perilune.ingest;

import static dev.perilune.ingest.DoorTester.header;
import static dev.perilune.ingest.GatewayTester.ORG_KEY;
import static dev.perilune.ingest.GatewayTester.OTHER_PROJECT;
import static dev.perilune.ingest.GatewayTester.PROJECT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.ingest.Published.Envelope;
import dev.perilune.model.RunIds;
import dev.perilune.model.wire.Topics;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaDoorIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;
  private Published published;
  private DoorTester door;

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
    door = new DoorTester(KAFKA.bootstrapServers());
  }

  @AfterEach
  void stopListening() {
    published.close();
    door.close();
  }

  @Test
  void aRecordIsOneEventOrAListAndIsKeyedAnew() {
    String event = "{\"event\":\"end\",\"run_id\":\"%s\"}";
    door.send(event.formatted("one"));
    door.send("[" + event.formatted("two") + "]");
    RecordMetadata sent = door.send("{\"events\":[" + event.formatted("three") + "]}");

    List<Envelope> envelopes = published.next(3);
    for (String run : List.of("one", "two", "three")) {
      Envelope envelope = Published.of(envelopes, run);
      assertArrayEquals(Published.key(PROJECT, RunIds.derive(run)), envelope.key());
      assertEquals(PROJECT.toString(), envelope.project());
    }
    assertEquals(
        sent.timestamp() * 1000,
        Published.of(envelopes, "three").json().getLong("receivedAt"),
        "received when the broker took the record");
  }

  @Test
  void everyKeyOfAProjectNamesItHoweverTheHeaderIsWritten() {
    byte[] event = bytes("{\"event\":\"end\",\"runId\":\"k\"}");
    door.send(event, "authorization", "Bearer " + PROJECT);
    door.send(event, "Authorization", "bearer " + PROJECT.toString().toUpperCase());
    door.send(event, "x-api-key", PROJECT.toString());
    door.send(
        bytes("{\"event\":\"end\",\"runId\":\"k\",\"appId\":\"" + OTHER_PROJECT + "\"}"),
        "authorization",
        "Bearer " + PROJECT);

    List<String> projects = published.next(4).stream().map(Envelope::project).toList();
    assertEquals(3, Collections.frequency(projects, PROJECT.toString()));
    assertEquals(1, Collections.frequency(projects, OTHER_PROJECT.toString()));
  }

  @Test
  void refusedEventsLeaveTheirNeighboursAloneAndAreToldApart() {
    RecordMetadata sent =
        door.send(
            """
            [{"event":"end","runId":"late","timestamp":1704067202000},
             {"event":"start","type":"llm","timestamp":1704067201000}, "no event",
             {"event":"end","runId":"early","timestamp":1704067200000}]""");

    List<Envelope> envelopes = published.next(2);
    assertEquals(0, Published.of(envelopes, "early").json().getInteger("position"));
    List<ConsumerRecord<byte[], byte[]>> refused = door.refused(2);
    ConsumerRecord<byte[], byte[]> incomplete = at(refused, 1);
    assertEquals("runId is required", header(incomplete, "reason"));
    assertEquals(PROJECT.toString(), header(incomplete, "project"));
    assertEquals(Topics.INGEST, header(incomplete, "source-topic"));
    assertEquals(Integer.toString(sent.partition()), header(incomplete, "source-partition"));
    assertEquals(Long.toString(sent.offset()), header(incomplete, "source-offset"));
    assertEquals(
        new JsonObject("{\"event\":\"start\",\"type\":\"llm\",\"timestamp\":1704067201000}"),
        new JsonObject(text(incomplete)));
    assertEquals("An event must be a JSON object", header(at(refused, 2), "reason"));
    assertEquals("\"no event\"", text(at(refused, 2)));
  }

  @Test
  void recordsThatNobodyOwnsAreRefusedWhole() {
    byte[] event = bytes("{\"event\":\"end\",\"runId\":\"x\"}");
    String[][] cases = {
      {"No API key or session token provided"},
      {"No API key or session token provided", "authorization", PROJECT.toString()},
      {"Invalid API key", "authorization", "Bearer " + UUID.randomUUID()},
      {"Invalid access token", "authorization", "Bearer undefined"},
      {"Org API key cannot access this route", "authorization", "Bearer " + ORG_KEY}
    };
    for (String[] wrong : cases) {
      door.send(event, Arrays.copyOfRange(wrong, 1, wrong.length));
      ConsumerRecord<byte[], byte[]> letter = door.refused(1).get(0);
      assertEquals(wrong[0], header(letter, "reason"));
      assertNull(header(letter, "project"));
      assertEquals("0", header(letter, "position"));
      assertArrayEquals(event, letter.value());
    }
  }

  @Test
  void recordsThatCannotBeReadAreRefusedWithTheAnswerOfTheHttpDoor() {
    for (String body :
        new String[] {
          "{",
          "[{]",
          "{\"events\":[{\"a\":01}]}",
          "[] []",
          "{}",
          "{\"events\":null}",
          "",
          "5",
          "null",
          "\"events\"",
          "true",
          "[" + "1,".repeat(100_000) + "1]"
        }) {
      String told = new JsonObject(gateway.post(body).body()).getString("message");
      door.send(body);
      ConsumerRecord<byte[], byte[]> letter = door.refused(1).get(0);
      assertEquals(told, header(letter, "reason"));
      assertEquals(body, text(letter));
      assertEquals(PROJECT.toString(), header(letter, "project"));
    }
  }

  @Test
  void theSameEventsAreRefusedForTheSameReasonsByBothDoors() {
    String deep = "[".repeat(2000) + "]".repeat(2000);
    String events =
        """
        {"events":[5, null, {"event":"start","type":"llm"}, {"event":"start","runId":"x"},
          {"event":"end","runId":""}, {"event":"end","runId":7}, {"event":"feedback"},
          {"event":"chat","type":"thread","runId":"m"},
          {"event":"chat","type":"thread","runId":"m","parentRunId":"t"},
          {"event":"custom-event","type":"thread","runId":"m"},
          {"event":"update","type":"llm"}, {"event":"end","runId":"d","output":%s}]}"""
            .formatted(deep);
    JsonArray answers = new JsonObject(gateway.post(events).body()).getJsonArray("results");

    door.send(events);

    List<String> byHttp =
        answers.stream().map(answer -> ((JsonObject) answer).getString("error")).toList();
    List<ConsumerRecord<byte[], byte[]>> letters = door.refused(byHttp.size());
    for (int i = 0; i < byHttp.size(); i++) {
      assertEquals(byHttp.get(i), header(at(letters, i), "reason"));
    }
  }

  @Test
  void aRecordAsLargeAsTheLimitTravelsAndALargerOneIsRefused() {
    int limit = 20 << 20;
    String frame = "{\"event\":\"end\",\"runId\":\"big\",\"output\":\"\"}";
    String filler = "\\u0001x".repeat((limit - frame.length()) / 7);
    byte[] largest = bytes(frame.replace("\"\"", '"' + filler + '"'));
    assertTrue(largest.length <= limit && largest.length > limit - 7);
    String[] key = {"authorization", "Bearer " + PROJECT};

    door.send(largest, key);
    door.send(bytes(frame.replace("\"\"", '"' + filler + "1234567890" + '"')), key);

    Envelope envelope = published.next(1).get(0);
    assertEquals((limit - frame.length()) / 7 * 2, envelope.event().getString("output").length());
    ConsumerRecord<byte[], byte[]> letter = door.refused(1).get(0);
    assertTrue(header(letter, "reason").startsWith("A record may have at most 20971520 bytes"));
    assertTrue(letter.value().length > limit);
  }

  @Test
  void aHeadOfHundredsOfRecordsIsTakenWholeAndCounted() {
    double before = gateway.meter("perilune_ingest_door_records_total");
    for (int i = 0; i < 700; i++) {
      door.sendLater("{\"event\":\"end\",\"runId\":\"many-" + i + "\"}");
    }

    List<Envelope> envelopes = published.next(700);
    assertEquals(700, envelopes.stream().map(e -> e.event().getString("runId")).distinct().count());
    GatewayTester.eventually(
        "all are counted",
        () -> gateway.meter("perilune_ingest_door_records_total") == before + 700);
    GatewayTester.eventually(
        "nothing is left", () -> gateway.meter("perilune_ingest_door_lag_records") == 0);
  }

  @Test
  void theProducerOfTheDocumentationWorksAsItIsPrinted() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/perilune/ingest/ExampleProducer.java"));
    int from = source.indexOf("    Properties settings");
    String printed = source.substring(from, source.lastIndexOf("  }\n}")).indent(-4).strip();
    assertTrue(Files.readString(Path.of("../docs/kafka.md")).contains(printed), printed);

    ExampleProducer.send(KAFKA.bootstrapServers(), PROJECT.toString());

    JsonObject event = published.next(1).get(0).event();
    assertEquals("java-1", event.getString("runId"));
    assertEquals("Hello?", event.getJsonArray("input").getJsonObject(0).getString("content"));
  }

  private static ConsumerRecord<byte[], byte[]> at(
      List<ConsumerRecord<byte[], byte[]>> letters, int position) {
    return letters.stream()
        .filter(letter -> Integer.toString(position).equals(header(letter, "position")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No letter at position " + position));
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter) {
    return new String(letter.value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
