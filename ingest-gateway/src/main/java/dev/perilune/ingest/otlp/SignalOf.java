package dev.perilune.ingest.otlp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.wire.Json;
import java.io.IOException;

/** Tells from a JSON body what it carries, at the path that takes everything. */
final class SignalOf {
  private SignalOf() {}

  /** Traces unless the body says otherwise; one that is broken is found out later. */
  static Signal json(byte[] body) {
    try (JsonParser in = Json.FACTORY.createParser(body)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          switch (in.currentName()) {
            case "resourceSpans", "resource_spans" -> {
              return Signal.TRACES;
            }
            case "resourceLogs", "resource_logs" -> {
              return Signal.LOGS;
            }
            case "resourceMetrics", "resource_metrics" -> {
              return Signal.METRICS;
            }
            default -> {
              in.nextToken();
              in.skipChildren();
            }
          }
        }
      }
    } catch (IOException broken) {
      return Signal.TRACES;
    }
    return Signal.TRACES;
  }
}
