package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.EventTime;
import dev.perilune.model.wire.RefusedBody.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private final EventReader reader = new EventReader(1000);

  @ParameterizedTest
  @CsvSource({
    "run_id, runId",
    "tool_calls, toolCalls",
    "max-tokens, maxTokens",
    "_private, Private",
    "a__b, a_B",
    "step_1, step_1",
    "user_ID, userID",
    "plain, plain",
    "trailing_, trailing_",
  })
  void keysBecomeCamelCaseAtEveryDepth(String sent, String stored) throws Exception {
    String event = normalised("{\"input\":[{\"%s\":{\"%s\":\"a_b\"}}]}".formatted(sent, sent));

    assertEquals("{\"input\":[{\"%s\":{\"%s\":\"a_b\"}}]}".formatted(stored, stored), event);
  }

  @Test
  void takesAListAnObjectAndABareArray() throws Exception {
    assertEquals(2, read("{\"events\":[{},{}]}").size());
    assertEquals(1, read("{\"events\":{\"runId\":\"a\"}}").size());
    assertEquals(3, read("[{},[{},[{}]]]").size());
    assertEquals(0, read("{\"events\":[]}").size());
  }

  @Test
  void lastOfSeveralEventsFieldsCounts() throws Exception {
    assertEquals(1, read("{\"events\":[{},{}],\"other\":{\"x\":[1]},\"events\":[{}]}").size());
  }

  @Test
  void notesWhatRoutingNeeds() throws Exception {
    IncomingEvent event =
        read("""
                [{"event":"chat","type":"thread","runId":"m","parent_run_id":"t","timestamp":1704067200000,
                  "app_id":"p","app":"q","runtime":"lunary-js","message":{"role":"user"}}]
                """)
            .get(0);

    assertEquals("chat", event.event());
    assertEquals("thread", event.type());
    assertEquals("m", event.runId());
    assertEquals("\"m\"", event.idJson());
    assertEquals("t", event.parentRunId());
    assertEquals(1704067200000000L, event.atMicros());
    assertEquals("p", event.appId());
    assertEquals("q", event.projectHint());
    assertEquals("lunary-js", event.runtime());
    assertTrue(event.hasMessage());
  }

  @Test
  void answersTheIdAsSentAndOnlyUnderItsOwnName() throws Exception {
    List<IncomingEvent> events =
        read("[{\"runId\":17},{\"run_id\":\"a\"},{\"runId\":\"q\\\"\"},{\"runId\":null},{}]");

    assertEquals("17", events.get(0).idJson());
    assertNull(events.get(0).runId());
    assertNull(events.get(1).idJson());
    assertEquals("a", events.get(1).runId());
    assertEquals("\"q\\\"\"", events.get(2).idJson());
    assertNull(events.get(3).idJson());
    assertNull(events.get(4).idJson());
  }

  @Test
  void nullFieldsOfTheEventGoAndNestedOnesStay() throws Exception {
    assertEquals(
        "{\"feedback\":{\"thumb\":null}}",
        normalised("{\"tags\":null,\"feedback\":{\"thumb\":null}}"));
  }

  @Test
  void unstorableValuesAreMended() throws Exception {
    assertEquals(
        "{\"input\":[null,null,null,\"ab\",\"x\uFFFD\",\"\uD83D\uDE00\"],\"kk\":1}",
        normalised(
            "{\"input\":[NaN,Infinity,-Infinity,\"a\\u0000b\",\"x\\ud83d\",\"\\ud83d\\ude00\"],\"k\\u0000k\":1}"));
  }

  @Test
  void numbersKeepTheirDigits() throws Exception {
    String digits = "9".repeat(5000);
    String event = "{\"input\":[1.0,1e400,0.1000,-0,%s]}".formatted(digits);

    assertEquals(event, normalised(event));
  }

  @Test
  void bytesThatAreNoUtf8BecomeReplacementCharacters() throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("[{\"input\":\"a".getBytes(StandardCharsets.UTF_8));
    body.write(0xFF);
    body.writeBytes("b\"}]".getBytes(StandardCharsets.UTF_8));

    assertEquals("{\"input\":\"a\uFFFDb\"}", json(reader.read(body.toByteArray()).get(0)));
  }

  @Test
  void headersInParamsLoseTheirValues() throws Exception {
    assertEquals(
        "{\"params\":{\"extraHeaders\":{\"TemplateId\":\"18\"},\"seed\":1}}",
        normalised(
            """
            {"params":{"extra_headers":{"Authorization":"Bearer x","Template-Id":"18","n":{"a":1}},"seed":1}}\
            """));
  }

  @Test
  void tooDeepAnEventIsRefusedBesideItsNeighbours() throws Exception {
    String deep = "[".repeat(60_000) + "]".repeat(60_000);

    List<IncomingEvent> events =
        read("[{\"runId\":\"a\",\"input\":%s},{\"runId\":\"b\",\"input\":1},5]".formatted(deep));

    assertNotNull(events.get(0).refusal());
    assertEquals("\"a\"", events.get(0).idJson());
    assertEquals("{\"runId\":\"b\",\"input\":1}", json(events.get(1)));
    assertEquals("An event must be a JSON object", events.get(2).refusal());
  }

  @Test
  void nestingUpToTwoHundredLevelsIsTaken() throws Exception {
    String event = "{\"input\":%s1%s}".formatted("{\"a\":".repeat(200), "}".repeat(200));

    assertEquals(event, normalised(event));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"events\":[{}   | BROKEN",
        "{\"events\":[{}]} x | BROKEN",
        "[{\"a\":tru}]     | BROKEN",
        "5                 | SCALAR",
        "null              | SCALAR",
        "\"text\"          | SCALAR",
        "{}                | NO_EVENTS",
        "{\"events\":null} | NO_EVENTS",
        "{\"events\":0}    | NO_EVENTS",
        "{\"events\":\"\"} | NO_EVENTS",
      })
  void bodiesWithoutEventsAreRefusedWithTheReason(String body, Reason reason) {
    assertEquals(reason, assertThrows(RefusedBody.class, () -> read(body)).reason());
  }

  @Test
  void emptyBodyHasNoEvents() {
    assertEquals(Reason.NO_EVENTS, assertThrows(RefusedBody.class, () -> read("")).reason());
  }

  @Test
  void documentsOfAbsurdDepthAreRefusedWithoutExhaustingTheStack() {
    assertEquals(
        Reason.BROKEN, assertThrows(RefusedBody.class, () -> read("[".repeat(2_000_000))).reason());
  }

  @Test
  void moreEventsThanAllowedAreRefused() {
    String body = "[" + "1,".repeat(1000) + "1]";

    assertEquals(Reason.TOO_MANY, assertThrows(RefusedBody.class, () -> read(body)).reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"timestamp\":\"never\"}", "{\"timestamp\":{}}", "{\"timestamp\":null}", "{}"})
  void timesThatCantBeReadAreNone(String event) throws Exception {
    assertEquals(EventTime.NONE, read("[" + event + "]").get(0).atMicros());
  }

  @Test
  void readersAreReusable() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThrows(RefusedBody.class, () -> read("[{\"a\":"));
      assertFalse(read("[{\"a_b\":1}]").isEmpty());
    }
  }

  private List<IncomingEvent> read(String body) throws RefusedBody {
    return reader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private String normalised(String event) throws RefusedBody {
    return json(read("[" + event + "]").get(0));
  }

  private static String json(IncomingEvent event) {
    return new String(event.json(), event.from(), event.length(), StandardCharsets.UTF_8);
  }
}
