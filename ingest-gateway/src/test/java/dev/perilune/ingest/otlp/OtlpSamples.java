package dev.perilune.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** OTLP/JSON as the protobuf that says the same, by the published classes of the protocol. */
public final class OtlpSamples {
  private OtlpSamples() {}

  public static ExportTraceServiceRequest protobufOf(JsonNode request) {
    ExportTraceServiceRequest.Builder all = ExportTraceServiceRequest.newBuilder();
    for (JsonNode resource : request.path("resourceSpans")) {
      ResourceSpans.Builder resourceSpans = all.addResourceSpansBuilder();
      resourceSpans
          .getResourceBuilder()
          .addAllAttributes(attributes(resource.path("resource").path("attributes")));
      for (JsonNode scope : resource.path("scopeSpans")) {
        ScopeSpans.Builder scopeSpans = resourceSpans.addScopeSpansBuilder();
        scopeSpans
            .getScopeBuilder()
            .setName(scope.path("scope").path("name").asText())
            .setVersion(scope.path("scope").path("version").asText());
        scope.path("spans").forEach(span -> scopeSpans.addSpans(span(span)));
      }
    }
    return all.build();
  }

  private static Span span(JsonNode json) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(json.path("traceId")))
            .setSpanId(id(json.path("spanId")))
            .setParentSpanId(id(json.path("parentSpanId")))
            .setName(json.path("name").asText())
            .setKindValue(json.path("kind").asInt())
            .setStartTimeUnixNano(json.path("startTimeUnixNano").asLong())
            .setEndTimeUnixNano(json.path("endTimeUnixNano").asLong())
            .setDroppedAttributesCount(json.path("droppedAttributesCount").asInt())
            .addAllAttributes(attributes(json.path("attributes")))
            .setStatus(
                Status.newBuilder()
                    .setCodeValue(json.path("status").path("code").asInt())
                    .setMessage(json.path("status").path("message").asText("")));
    for (JsonNode event : json.path("events")) {
      span.addEventsBuilder()
          .setTimeUnixNano(event.path("timeUnixNano").asLong())
          .setName(event.path("name").asText())
          .addAllAttributes(attributes(event.path("attributes")));
    }
    return span.build();
  }

  private static ByteString id(JsonNode hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex.asText("")));
  }

  private static List<KeyValue> attributes(JsonNode pairs) {
    List<KeyValue> attributes = new ArrayList<>();
    for (JsonNode pair : pairs) {
      attributes.add(
          KeyValue.newBuilder()
              .setKey(pair.path("key").asText())
              .setValue(value(pair.path("value")))
              .build());
    }
    return attributes;
  }

  private static AnyValue value(JsonNode json) {
    AnyValue.Builder value = AnyValue.newBuilder();
    if (json.has("stringValue")) {
      value.setStringValue(json.get("stringValue").asText());
    } else if (json.has("boolValue")) {
      value.setBoolValue(json.get("boolValue").asBoolean());
    } else if (json.has("intValue")) {
      value.setIntValue(json.get("intValue").asLong());
    } else if (json.has("doubleValue")) {
      value.setDoubleValue(json.get("doubleValue").asDouble());
    } else if (json.has("arrayValue")) {
      ArrayValue.Builder list = ArrayValue.newBuilder();
      json.path("arrayValue").path("values").forEach(element -> list.addValues(value(element)));
      value.setArrayValue(list);
    } else if (json.has("kvlistValue")) {
      value.setKvlistValue(
          KeyValueList.newBuilder()
              .addAllValues(attributes(json.path("kvlistValue").path("values"))));
    }
    return value.build();
  }
}
