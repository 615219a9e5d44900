package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ContentRewriteTest {
  private static final UnaryOperator<String> STARS = text -> "*".repeat(text.length());

  @Test
  void aHiddenRunLosesInputAndOutputAndNothingElse() {
    assertEquals(
        "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"r\",\"name\":\"gpt\",\"tags\":[\"a\"],"
            + "\"params\":{\"n\":1.50},\"input\":\"__NOT_INGESTED__\","
            + "\"output\":\"__NOT_INGESTED__\"}",
        hidden(
            """
            {"event":"start","type":"llm","runId":"r","input":[{"content":"secret"}],"name":"gpt",
             "tags":["a"],"params":{"n":1.50}}"""));
    assertEquals(
        "{\"event\":\"end\",\"runId\":\"r\",\"tokensUsage\":{\"prompt\":3},"
            + "\"input\":\"__NOT_INGESTED__\",\"output\":\"__NOT_INGESTED__\"}",
        hidden("{\"event\":\"end\",\"runId\":\"r\",\"tokensUsage\":{\"prompt\":3}}"));
  }

  @Test
  void aHiddenMessageKeepsWhoSpeaks() {
    assertEquals(
        "{\"event\":\"chat\",\"runId\":\"m\",\"parentRunId\":\"t\",\"message\":"
            + "{\"content\":\"__NOT_INGESTED__\",\"role\":\"user\",\"toolCallId\":\"c\"}}",
        hidden(
            """
            {"event":"chat","runId":"m","parentRunId":"t","message":{"role":"user","content":
             [{"text":"secret"}],"toolCalls":[{"x":"secret"}],"text":"secret","toolCallId":"c"}}"""));
  }

  @Test
  void otherEventsAreNotGivenContents() {
    String feedback = "{\"event\":\"feedback\",\"runId\":\"r\",\"feedback\":{\"thumb\":\"up\"}}";

    assertEquals(feedback, hidden(feedback));
    assertEquals(
        "{\"event\":\"x\",\"output\":\"__NOT_INGESTED__\"}",
        hidden("{\"event\":\"x\",\"output\":1}"));
  }

  @Test
  void everyTextOfTheContentIsMaskedAndNothingElse() {
    assertEquals(
        "{\"event\":\"end\",\"runId\":\"rrr\",\"name\":\"nnn\",\"userId\":\"uuu\","
            + "\"input\":[{\"kkk\":[\"***\",1E400,true,null]}],\"output\":\"***\","
            + "\"error\":{\"message\":\"***\"},\"params\":{\"stop\":[\"**\"]},"
            + "\"metadata\":{\"userId\":\"uuu\",\"note\":\"***\"},\"tags\":[\"ttt\"]}",
        text(
            ContentRewrite.of(
                event(
                    """
                    {"event":"end","runId":"rrr","name":"nnn","userId":"uuu",
                     "input":[{"kkk":["abc",1E400,true,null]}],"output":"abc",
                     "error":{"message":"abc"},"params":{"stop":["ab"]},
                     "metadata":{"userId":"uuu","note":"abc"},"tags":["ttt"]}"""),
                false,
                STARS)));
  }

  @Test
  void factsAreWhatAProcessorWouldRead() {
    EventFacts run =
        EventFacts.of(
            event(
                """
                {"event":"start","type":"llm","runId":"r","name":"models/gpt",
                 "metadata":{"tags":["a"],"n":5,"b":true,"o":{},"userId":"u"}}"""));
    EventFacts message =
        EventFacts.of(
            event(
                """
                {"event":"chat","runId":"m","parentRunId":"t","userId":7,"threadTags":["x"],
                 "message":{"role":"user","tags":["y"],"metadata":{"k":"v"}}}"""));

    assertEquals("gpt", run.name());
    assertEquals("u", run.userId());
    assertTrue(run.hasTag("a"));
    assertEquals("5", run.metadata("n"));
    assertEquals("true", run.metadata("b"));
    assertNull(run.metadata("o"));
    assertEquals("7", message.userId());
    assertTrue(message.hasTag("x") && message.hasTag("y"));
    assertFalse(message.hasTag("z"));
    assertEquals("v", message.metadata("k"));
  }

  private static String hidden(String json) {
    return text(ContentRewrite.of(event(json), true, null));
  }

  private static IncomingEvent event(String json) {
    try {
      return new EventReader(1).readRecord(json.getBytes(StandardCharsets.UTF_8)).get(0);
    } catch (RefusedBody e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String text(IncomingEvent event) {
    return new String(event.json(), event.from(), event.length(), StandardCharsets.UTF_8);
  }
}
