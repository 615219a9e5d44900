package dev.perilune.ingest.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What single records of a log become. */
class LogRulesTest {
  private static final String DETAILS = "gen_ai.client.inference.operation.details";

  @Test
  void theDetailsOfACallAreWhatItsSpanWouldSay() throws Exception {
    JsonObject event =
        OtlpEvents.ofLog(
            DETAILS,
            "gen_ai.operation.name",
            "chat",
            "gen_ai.request.model",
            "m",
            "gen_ai.response.model",
            "m-2",
            "gen_ai.provider.name",
            "openai",
            "gen_ai.conversation.id",
            "c",
            "gen_ai.request.temperature",
            "0.5",
            "gen_ai.response.finish_reasons",
            List.of("stop"),
            "gen_ai.response.time_to_first_chunk",
            "0.25",
            "gen_ai.usage.output_tokens",
            4,
            "user.id",
            "u",
            "plan",
            "pro");

    assertEquals("supplement", event.getString("event"));
    assertEquals("m", event.getString("name"));
    assertEquals("u", event.getString("userId"));
    assertEquals(new JsonObject().put("temperature", 0.5), event.getJsonObject("params"));
    assertEquals(new JsonObject().put("completion", 4), event.getJsonObject("tokensUsage"));
    assertEquals(
        new JsonObject(
            """
            {"provider":"openai","responseModel":"m-2","finishReasons":["stop"],"threadId":"c",
             "timeToFirstToken":250,"plan":"pro"}
            """),
        event.getJsonObject("metadata"));
  }

  @Test
  void detailsWithoutAnyAreNothing() throws Exception {
    assertEquals(new JsonObject(), OtlpEvents.ofLog(DETAILS, "gen_ai.operation.name", "chat"));
  }

  @Test
  void aChoiceTellsItsNumberItsCallsAndWhyItEnded() throws Exception {
    JsonObject event =
        OtlpEvents.ofLog(
            "gen_ai.choice",
            "index",
            1,
            "finish_reason",
            "tool_calls",
            "message",
            "{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}");

    assertEquals(1, event.getInteger("choice"));
    assertEquals(
        new JsonArray().add("tool_calls"),
        event.getJsonObject("metadata").getJsonArray("finishReasons"));
    assertEquals(
        new JsonObject(
            """
            {"role":"assistant","content":null,"toolCalls":[{"id":"c","type":"function",
             "function":{"name":"f","arguments":"{\\"a\\":1}"}}]}
            """),
        event.getJsonObject("output"));
  }

  @Test
  void longContentsOfRecordsAreCut() throws Exception {
    JsonObject event =
        OtlpEvents.ofLog("gen_ai.user.message", "content", "x".repeat((4 << 20) + 1));

    String content = event.getJsonArray("input").getJsonObject(0).getString("content");
    assertTrue(content.endsWith("x… [truncated 1 chars]"), () -> content.substring(4 << 20));
    assertEquals(true, event.getJsonObject("metadata").getBoolean("otelTruncated"));
  }
}
