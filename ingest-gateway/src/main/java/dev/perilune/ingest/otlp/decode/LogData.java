package dev.perilune.ingest.otlp.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log record as it was sent.
 *
 * @param traceId lower-case hexadecimal, empty if the record belongs to no span; so the span's
 * @param timeNanos since 1970, unsigned; when it happened, else when it was seen
 * @param eventName empty for plain log lines
 */
public record LogData(
    Source source,
    String traceId,
    String spanId,
    long timeNanos,
    String eventName,
    @Nullable Object body,
    Map<String, Object> attributes) {}
