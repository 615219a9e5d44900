package dev.perilune.ingest.otlp;

import dev.perilune.ingest.otlp.decode.JsonReader;
import dev.perilune.ingest.otlp.decode.LogData;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.map.LogTranslator;
import dev.perilune.ingest.otlp.map.SpanTranslator;
import dev.perilune.model.wire.IncomingEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One span or record with some attributes, and the events that it becomes. */
final class OtlpEvents {
  private static final String TRACE = "4e1f3c0d9a5b47c68d2e7f1a0b9c3d21";
  private static final String SPAN = "00000000000000a1";

  private OtlpEvents() {}

  /** What the events of a span with these attributes say, all of them together. */
  static JsonObject ofSpan(Object... namesAndValues) throws Exception {
    return joined(events(span(namesAndValues), 5 << 20));
  }

  /** What the events of a record with these attributes say. */
  static JsonObject ofLog(String event, Object... namesAndValues) throws Exception {
    JsonObject log =
        new JsonObject()
            .put("traceId", TRACE)
            .put("spanId", SPAN)
            .put("timeUnixNano", "1767225600000000000")
            .put("eventName", event)
            .put("attributes", attributes(namesAndValues));
    JsonObject request =
        new JsonObject().put("resourceLogs", scoped("scopeLogs", "logRecords", log, Map.of()));
    LogData record = JsonReader.read(bytes(request), 10).logs().get(0);
    List<IncomingEvent> events = new ArrayList<>();
    new LogTranslator().translate(record, events);
    return joined(events);
  }

  static JsonObject span(Object... namesAndValues) {
    return new JsonObject()
        .put("traceId", TRACE)
        .put("spanId", SPAN)
        .put("name", "work")
        .put("startTimeUnixNano", "1767225600000000000")
        .put("endTimeUnixNano", "1767225601000000000")
        .put("attributes", attributes(namesAndValues));
  }

  static List<IncomingEvent> events(JsonObject span, int maxSpanBytes) throws Exception {
    return events(span, maxSpanBytes, Map.of());
  }

  /** The events; fails if the span is rejected. */
  static List<IncomingEvent> events(JsonObject span, int maxSpanBytes, Map<String, String> resource)
      throws Exception {
    JsonObject request =
        new JsonObject().put("resourceSpans", scoped("scopeSpans", "spans", span, resource));
    SpanData data = JsonReader.read(bytes(request), 10).spans().get(0);
    List<IncomingEvent> events = new ArrayList<>();
    String fault = new SpanTranslator(maxSpanBytes).translate(data, events);
    if (fault != null) {
      throw new AssertionError(fault);
    }
    return events;
  }

  /** All fields of the span's own run, the later event's over those of the earlier. */
  static JsonObject joined(List<IncomingEvent> events) {
    JsonObject all = new JsonObject();
    for (IncomingEvent event : events) {
      if (SPAN.equals(event.runId())) {
        byte[] json = event.json();
        all.mergeIn(
            new JsonObject(Buffer.buffer(json).slice(event.from(), event.from() + event.length())));
      }
    }
    return all;
  }

  private static JsonArray scoped(
      String scopes, String items, JsonObject item, Map<String, String> resource) {
    Object[] pairs =
        resource.entrySet().stream()
            .flatMap(entry -> java.util.stream.Stream.of(entry.getKey(), entry.getValue()))
            .toArray();
    return new JsonArray()
        .add(
            new JsonObject()
                .put("resource", new JsonObject().put("attributes", attributes(pairs)))
                .put(
                    scopes,
                    new JsonArray().add(new JsonObject().put(items, new JsonArray().add(item)))));
  }

  private static JsonArray attributes(Object... namesAndValues) {
    JsonArray attributes = new JsonArray();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      attributes.add(
          new JsonObject()
              .put("key", namesAndValues[i])
              .put("value", value(namesAndValues[i + 1])));
    }
    return attributes;
  }

  private static JsonObject value(Object value) {
    if (value instanceof Map<?, ?> map) {
      Object[] pairs =
          map.entrySet().stream()
              .flatMap(entry -> java.util.stream.Stream.of(entry.getKey(), entry.getValue()))
              .toArray();
      return new JsonObject().put("kvlistValue", new JsonObject().put("values", attributes(pairs)));
    }
    if (value instanceof List<?> list) {
      JsonArray values = new JsonArray();
      list.forEach(element -> values.add(value(element)));
      return new JsonObject().put("arrayValue", new JsonObject().put("values", values));
    }
    return value instanceof Integer number
        ? new JsonObject().put("intValue", number)
        : new JsonObject().put("stringValue", value);
  }

  private static byte[] bytes(JsonObject json) {
    return json.encode().getBytes(StandardCharsets.UTF_8);
  }
}
