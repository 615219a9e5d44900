package dev.perilune.ingest;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Requests of exporters. */
final class OtlpBodies {
  static final String TRACE = "4e1f3c0d9a5b47c68d2e7f1a0b9c3d21";

  private static final String SPAN =
      """
      {"traceId":"%s","spanId":"%s","name":"work","kind":1,
       "startTimeUnixNano":"1767225600000000000","endTimeUnixNano":1767225601000000000,
       "attributes":[{"key":"%s","value":{"stringValue":%s}}]}
      """;

  private OtlpBodies() {}

  static String span(String id) {
    return span(id, "a", "b");
  }

  static String span(String id, String key, String value) {
    return SPAN.formatted(
        TRACE, id, key, new JsonObject().put("v", value).encode().replaceAll("^\\{\"v\":|}$", ""));
  }

  static String json(String... spans) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + String.join(",", spans) + "]}]}]}";
  }

  static byte[] protobuf(String spanId) {
    HexFormat hex = HexFormat.of();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .addSpans(
                            Span.newBuilder()
                                .setTraceId(ByteString.copyFrom(hex.parseHex(TRACE)))
                                .setSpanId(ByteString.copyFrom(hex.parseHex(spanId)))
                                .setName("work")
                                .setStartTimeUnixNano(1767225600000000000L)
                                .setEndTimeUnixNano(1767225601000000000L)
                                .addAttributes(
                                    KeyValue.newBuilder()
                                        .setKey("a")
                                        .setValue(AnyValue.newBuilder().setStringValue("b"))))))
        .build()
        .toByteArray();
  }

  /** A request of one scope with these bytes in it. */
  static byte[] inScope(byte[] scope) {
    return field(1, field(2, scope));
  }

  /** A field that is as long as its bytes. */
  static byte[] field(int number, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(number << 3 | 2);
    for (int rest = content.length; ; rest >>>= 7) {
      bytes.write(rest < 128 ? rest : rest & 127 | 128);
      if (rest < 128) {
        break;
      }
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }
}
