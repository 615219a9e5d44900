package dev.perilune.ingest.otlp.decode;

import java.util.Map;

/**
 * Something that happened during a span.
 *
 * @param timeNanos since 1970, unsigned
 */
public record SpanEvent(long timeNanos, String name, Map<String, Object> attributes) {}
