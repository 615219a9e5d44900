package dev.perilune.ingest.otlp.decode;

import java.util.List;
import java.util.Map;

/**
 * A span as it was sent. Attribute values are texts, booleans, longs, doubles, lists and maps of
 * them, and {@code null}; bytes are base64 texts.
 *
 * @param traceId lower-case hexadecimal; any length, since nothing is checked yet; so the other two
 * @param parentId empty for none
 * @param kind 0 to 5: unspecified, internal, server, client, producer, consumer
 * @param startNanos since 1970, unsigned, 0 = unknown; so the end
 * @param statusCode 0 unset, 1 ok, 2 error
 */
public record SpanData(
    Source source,
    String traceId,
    String spanId,
    String parentId,
    String name,
    int kind,
    long startNanos,
    long endNanos,
    Map<String, Object> attributes,
    long droppedAttributes,
    List<SpanEvent> events,
    int statusCode,
    String statusMessage) {

  /** The same span with another parent. */
  public SpanData below(String otherParent) {
    return new SpanData(
        source,
        traceId,
        spanId,
        otherParent,
        name,
        kind,
        startNanos,
        endNanos,
        attributes,
        droppedAttributes,
        events,
        statusCode,
        statusMessage);
  }
}
