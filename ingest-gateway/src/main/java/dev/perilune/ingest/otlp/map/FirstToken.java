package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.decode.SpanEvent;
import dev.perilune.model.EventTime;
import org.jspecify.annotations.Nullable;

/** How long a model took to begin its answer. */
final class FirstToken {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final String CHUNK = "mlflow.chunk.item.";

  private FirstToken() {}

  /** Milliseconds, rounded up; null if nobody tells, or tells more than the span took. */
  static @Nullable Long millis(SpanData span, Attributes attributes) {
    Double millis = told(span, attributes);
    double took = (span.endNanos() - span.startNanos()) / NANOS_PER_MILLI;
    boolean isOpen = span.endNanos() == 0;
    return millis == null || millis < 0 || !isOpen && millis > took
        ? null
        // what a clock cannot tell is no reason to round up
        : (Long) (long) Math.ceil(millis - 1e-6);
  }

  private static @Nullable Double told(SpanData span, Attributes attributes) {
    Number seconds = attributes.first(GenAiKeys.FIRST_TOKEN_SECONDS, Coerce::number);
    if (seconds != null) {
      return seconds.doubleValue() * MILLIS_PER_SECOND;
    }
    Number millis = attributes.first(GenAiKeys.FIRST_TOKEN_MILLIS, Coerce::number);
    if (millis != null) {
      return millis.doubleValue();
    }
    String time = attributes.text(GenAiKeys.FIRST_TOKEN_TIME);
    if (time != null) {
      long micros = EventTime.ofText(time.replace("\"", ""));
      double nanos = micros * 1000.0 - span.startNanos();
      return micros == EventTime.NONE ? null : (Double) (nanos / NANOS_PER_MILLI);
    }
    for (SpanEvent event : span.events()) {
      if (GenAiKeys.FIRST_TOKEN_EVENTS.contains(event.name()) || event.name().startsWith(CHUNK)) {
        return (event.timeNanos() - span.startNanos()) / NANOS_PER_MILLI;
      }
    }
    return null;
  }
}
