package dev.perilune.ingest.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.model.wire.IncomingEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans that are taken and make no run. */
class SkippedSpansTest {
  private static final String PARENT = "00000000000000b1";

  @Test
  void whatTheServerTellsOfItselfMakesNoRun() throws Exception {
    Map<String, String> own = Map.of("service.name", "perilune", "perilune.self_trace", "true");

    assertEquals(List.of(), events(OtlpEvents.span("gen_ai.request.model", "m"), own));
  }

  @ParameterizedTest
  @CsvSource({
    "service.name,perilune",
    "perilune.self_trace,true",
  })
  void theNameOrTheMarkAloneIsNotEnough(String key, String value) throws Exception {
    JsonObject span = OtlpEvents.span("gen_ai.request.model", "m");

    assertEquals("start", events(span, Map.of(key, value)).get(0).event());
  }

  @Test
  void aSpanThatIsSentAgainWhenItEndsIsNoneYet() throws Exception {
    JsonObject span =
        OtlpEvents.span("logfire.span_type", "pending_span", "gen_ai.request.model", "m");

    assertEquals(List.of(), events(span, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({"1,debug", "9,info", "13,warn", "17,error"})
  void aLineOfALogIsKeptWithTheRunThatItWasWrittenIn(int severity, String level) throws Exception {
    JsonObject span =
        OtlpEvents.span(
                "logfire.span_type",
                "log",
                "logfire.level_num",
                severity,
                "logfire.msg",
                "looked it up")
            .put("parentSpanId", PARENT);

    List<IncomingEvent> events = events(span, Map.of());

    assertEquals(1, events.size());
    JsonObject line = json(events.get(0));
    assertEquals("log", line.getString("type"));
    assertEquals(level, line.getString("event"));
    assertEquals("looked it up", line.getString("message"));
    assertEquals(PARENT, line.getString("parentRunId"));
  }

  @Test
  void aLineOutsideOfAnyRunIsDropped() throws Exception {
    assertEquals(List.of(), events(OtlpEvents.span("logfire.span_type", "log"), Map.of()));
  }

  @Test
  void aLineThatSpeaksOfAModelIsItsCall() throws Exception {
    JsonObject span =
        OtlpEvents.span("logfire.span_type", "log", "gen_ai.request.model", "m")
            .put("parentSpanId", PARENT);

    assertEquals("llm", events(span, Map.of()).get(0).type());
  }

  private static List<IncomingEvent> events(JsonObject span, Map<String, String> resource)
      throws Exception {
    return OtlpEvents.events(span, 1 << 20, resource);
  }

  private static JsonObject json(IncomingEvent event) {
    return new JsonObject(
        Buffer.buffer(event.json()).slice(event.from(), event.from() + event.length()));
  }
}
