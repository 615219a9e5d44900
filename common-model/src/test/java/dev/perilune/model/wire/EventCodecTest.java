package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.model.ReportedUsage;
import dev.perilune.model.RunEvent;
import dev.perilune.model.RunIds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCodecTest {
  private static final ProjectId PROJECT =
      new ProjectId(UUID.fromString("22222222-2222-4222-8222-222222222222"));
  private static final long RECEIVED = 1_700_000_000_000_000L;

  @Test
  void startKeepsEveryPartAsJsonText() throws Exception {
    RunEvent.Started started =
        assertInstanceOf(
            RunEvent.Started.class,
            decode(
                """
                {"type":"llm","event":"start","runId":"r1","parentRunId":"p1","name":"models/gpt-4o",
                 "timestamp":1704067200000,"input":[{"role":"user","content":"héllo 😀"}],
                 "params":{"max_tokens":5},"tags":["a",1,true],"userId":"u1","userProps":{"a":1},
                 "metadata":{"x":1,"nested":{},"list":["a",1],"n":null,"mixed":[{}]},"templateId":"18",
                 "runtime":"lunary-js","tokensUsage":{"prompt_tokens":3,"completion":4.0}}
                """));

    assertEquals(RunIds.derive("r1"), started.runId());
    assertEquals(RunIds.derive("p1"), started.parentId());
    assertEquals("gpt-4o", started.name());
    assertEquals(1704067200000000L, started.stamp().atMicros());
    assertEquals("[{\"role\":\"user\",\"content\":\"héllo 😀\"}]", started.inputJson());
    assertEquals("{\"maxTokens\":5}", started.paramsJson());
    assertEquals(List.of("a", "1", "true"), started.tags());
    assertEquals(Map.of("x", "1", "list", "[\"a\",1]"), started.metadata());
    assertEquals(18, started.templateVersionId());
    assertEquals("lunary-js", started.runtime());
    assertEquals(new ReportedUsage(3, 4, null), started.usage());
    assertEquals("u1", started.user().externalId());
    assertEquals("{\"a\":1}", started.user().props());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "false|false", "''|''", "\"\"|\"\"", "1.50|1.50", "[[1]]|[[1]]", "{}|{}"})
  void outputMayBeAnyValue(String sent, String stored) throws Exception {
    String output = sent.isEmpty() ? "\"\"" : sent;

    RunEvent.Ended ended =
        (RunEvent.Ended)
            decode(
                "{\"event\":\"end\",\"type\":\"llm\",\"runId\":\"a\",\"output\":%s}"
                    .formatted(output));

    assertEquals(stored.isEmpty() ? "\"\"" : stored, ended.outputJson());
  }

  @Test
  void numericUserIdsAreTakenAsText() throws Exception {
    assertEquals(
        "42",
        decode("{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\",\"userId\":42}")
            .user()
            .externalId());
    assertNull(
        decode("{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\",\"userId\":\"\"}").user());
  }

  @Test
  void metadataNamesTheUserWhereTheEventDoesNot() throws Exception {
    RunEvent event =
        decode(
            "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\",\"metadata\":{\"user_id\":\"m\",\"userProps\":{\"k\":1}}}");

    assertEquals("m", event.user().externalId());
    assertEquals("{\"k\":1}", event.user().props());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                      | {\"message\":\"Unknown error\"}",
        "\"text\"                | \"text\"",
        "{\"message\":\"m\"}     | {\"message\":\"m\"}",
        "{\"stack\":\"a\\nb\\n\"} | {\"message\":\"b\",\"stack\":\"a\\nb\\n\"}",
      })
  void errorsGetAReadableMessage(String sent, String stored) throws Exception {
    RunEvent.Failed failed =
        (RunEvent.Failed)
            decode(
                "{\"event\":\"error\",\"type\":\"llm\",\"runId\":\"a\",\"error\":%s}"
                    .formatted(sent));

    assertEquals(stored, failed.errorJson());
  }

  @Test
  void feedbackJoinsTheLegacyFieldAndSpellings() throws Exception {
    RunEvent.Judged judged =
        (RunEvent.Judged)
            decode(
                "{\"event\":\"feedback\",\"runId\":\"a\",\"feedback\":{\"thumb\":null,\"comment\":\"c\"},\"extra\":{\"thumbs\":\"up\"}}");

    assertEquals(Map.of("thumb", "\"up\"", "comment", "\"c\""), judged.feedback());
  }

  @Test
  void chatMessagesKeepWhatReadersNeed() throws Exception {
    RunEvent.Said said =
        (RunEvent.Said)
            decode(
                """
                {"event":"chat","type":"thread","runId":"m1","parentRunId":"th1","threadTags":["s"],
                 "message":{"id":"m1","role":"assistant","content":null,"is_retry":true,"tags":["x"],
                 "tool_calls":[{"id":"c"}],"extra":{"k":1}}}
                """);

    assertEquals(RunIds.derive("th1"), said.threadId());
    assertEquals(RunIds.derive("m1"), said.messageId());
    assertTrue(said.retry());
    assertEquals(List.of("x"), said.tags());
    assertEquals(
        "{\"role\":\"assistant\",\"content\":null,\"toolCalls\":[{\"id\":\"c\"}],\"metadata\":{\"k\":1}}",
        said.messageJson());
    assertEquals(Map.of("k", "1"), said.metadata());
  }

  @Test
  void aLogLineIsNeverARunsEvent() throws Exception {
    RunEvent.Logged logged =
        (RunEvent.Logged)
            decode("{\"event\":\"error\",\"type\":\"log\",\"message\":\"m3\",\"extra\":{\"a\":1}}");

    assertEquals("error", logged.level());
    assertEquals("m3", logged.message());
    assertEquals("{\"a\":1}", logged.extraJson());
  }

  @ParameterizedTest
  @CsvSource({"streaming, llm", "update, tool", ", llm"})
  void otherEventsAreOnlyNoticed(String event, String type) throws Exception {
    String name = event == null ? "null" : '"' + event + '"';

    assertInstanceOf(
        RunEvent.Noticed.class,
        decode("{\"event\":%s,\"type\":\"%s\",\"runId\":\"a\"}".formatted(name, type)));
  }

  @Test
  void missingTimesAreTheTimeOfReceipt() throws Exception {
    assertEquals(
        RECEIVED,
        decode("{\"event\":\"end\",\"runId\":\"a\",\"timestamp\":null}").stamp().atMicros());
  }

  @Test
  void equalEventsHaveEqualTiesAndOthersDoNot() throws Exception {
    String event = "{\"event\":\"end\",\"runId\":\"a\",\"output\":%d}";

    assertEquals(decode(event.formatted(1)).stamp(), decode(event.formatted(1)).stamp());
    assertNotEquals(
        decode(event.formatted(1)).stamp().tie(), decode(event.formatted(2)).stamp().tie());
  }

  @Test
  void numbersThatTheDatabaseCantHoldBecomeTexts() throws Exception {
    RunEvent.Started started =
        (RunEvent.Started)
            decode(
                "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\",\"metadata\":{\"big\":1e999999,\"t\":\"1e999999\",\"ok\":1e10}}");

    assertEquals(
        Map.of("big", "\"1e999999\"", "t", "\"1e999999\"", "ok", "1e10"), started.metadata());
  }

  @Test
  void aRecordOfAnotherFormIsMalformed() {
    for (String record :
        List.of("", "[]", "{}", "{\"v\":1}", "{\"v\":2,\"event\":{}}", "rubbish")) {
      assertThrows(
          MalformedEvent.class,
          () -> EventCodec.decode(record.getBytes(StandardCharsets.UTF_8)),
          record);
    }
  }

  private static RunEvent decode(String event) throws Exception {
    IncomingEvent read =
        new EventReader(10).read(("[" + event + "]").getBytes(StandardCharsets.UTF_8)).get(0);
    EventEnvelope envelope =
        EventCodec.decode(
            EventEnvelope.encode(
                PROJECT,
                RECEIVED,
                3,
                List.of(new UUID(1, 2)),
                List.of(),
                read.json(),
                read.from(),
                read.length()));
    assertEquals(PROJECT, envelope.project());
    assertEquals(3, envelope.event().stamp().position());
    return envelope.event();
  }
}
