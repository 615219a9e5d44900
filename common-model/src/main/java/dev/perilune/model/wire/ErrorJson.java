package dev.perilune.model.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives every failure a message that people can read. */
final class ErrorJson {
  private static final String UNKNOWN = "{\"message\":\"Unknown error\"}";

  private ErrorJson() {}

  /** Returns the error as sent, with a message added where there is none. */
  static String readable(@Nullable String error) {
    if (error == null) {
      return UNKNOWN;
    }
    if (!error.startsWith("{")) {
      return error;
    }
    Map<String, String> fields = ExtraFields.of(error);
    String message = Metadata.text(fields.get("message"));
    if (message != null && !message.isEmpty()) {
      return error;
    }
    Map<String, String> readable = new LinkedHashMap<>();
    readable.put("message", quoted(lastLine(Metadata.text(fields.get("stack")))));
    fields.forEach(readable::putIfAbsent);
    return Metadata.object(readable);
  }

  private static String lastLine(@Nullable String stack) {
    if (stack == null || stack.isBlank()) {
      return "Unknown error";
    }
    String[] lines = stack.strip().split("\\R");
    return lines[lines.length - 1].strip();
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
