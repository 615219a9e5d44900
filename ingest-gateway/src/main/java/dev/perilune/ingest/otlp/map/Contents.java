package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What went into a run and what came out, each from the first place that has it. */
final class Contents {
  private final String type;
  private final ContentReader reader;
  private final List<String> finishReasons = new ArrayList<>();

  Contents(String type, SpanData span, Attributes attributes) {
    this.type = type;
    this.reader = new ContentReader(span, attributes, finishReasons);
  }

  /** Why the model stopped, as its answer says; complete once the output was asked for. */
  List<String> finishReasons() {
    return finishReasons;
  }

  @Nullable Object input() {
    Object value = first(ContentKeys.INPUTS);
    if (value == null) {
      return null;
    }
    return switch (type) {
      case TypeRules.LLM -> Messages.ofInput(value);
      case TypeRules.AGENT -> chatOrValue(value);
      default -> value;
    };
  }

  private static Object chatOrValue(Object value) {
    List<Map<String, Object>> chat = value instanceof String ? null : Messages.found(value);
    return chat == null ? value : chat;
  }

  @Nullable Object output() {
    Object value = first(ContentKeys.OUTPUTS);
    return TypeRules.LLM.equals(type) ? Answers.of(value, finishReasons) : value;
  }

  private @Nullable Object first(Map<String, List<String>> keys) {
    for (String key : keys.getOrDefault(type, List.of())) {
      Object value = reader.read(key);
      if (!Coerce.isAbsent(value)) {
        return value;
      }
    }
    return null;
  }
}
