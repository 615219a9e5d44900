package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.decode.SpanEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a span failed, and of what. */
final class Failure {
  private static final int ERROR = 2;
  private static final String EXCEPTION = "exception";

  private Failure() {}

  /**
   * The error; null for a span that went well. An exception that was recorded makes none by itself,
   * since it may have been handled.
   */
  static @Nullable Map<String, Object> of(SpanData span, Attributes attributes) {
    String type = attributes.text(GenAiKeys.ERROR_TYPE);
    boolean failed =
        span.statusCode() == ERROR
            || "ERROR".equals(attributes.get("langfuse.observation.level"))
            || type != null && span.statusCode() == 0;
    if (!failed) {
      return null;
    }
    Map<String, Object> thrown = lastException(span.events());
    String message = span.statusMessage().isEmpty() ? null : span.statusMessage();
    message = message != null ? message : Coerce.text(thrown.get("exception.message"));
    message = message != null ? message : attributes.text(GenAiKeys.ERROR_MESSAGE);
    String thrownType = Coerce.text(thrown.get("exception.type"));
    String kind = thrownType != null ? thrownType : type;
    message = message != null ? message : type != null ? type : thrownType;
    String stack = Coerce.text(thrown.get("exception.stacktrace"));
    stack = stack != null ? stack : attributes.text(GenAiKeys.ERROR_STACK);
    return error(message, stack, kind);
  }

  static Map<String, Object> error(
      @Nullable String message, @Nullable String stack, @Nullable String type) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message == null ? "Unknown error" : message);
    if (stack != null) {
      error.put("stack", stack);
    }
    if (type != null) {
      error.put("type", type);
    }
    return error;
  }

  private static Map<String, Object> lastException(List<SpanEvent> events) {
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i).name().equals(EXCEPTION)) {
        return events.get(i).attributes();
      }
    }
    return Map.of();
  }
}
