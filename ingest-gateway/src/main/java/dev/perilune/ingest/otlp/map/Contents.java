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
    return switch (type) {
      case TypeRules.LLM -> withSystem(value == null ? null : Messages.ofInput(value));
      case TypeRules.AGENT -> withSystem(value == null ? null : chatOrValue(value));
      case TypeRules.CHAIN -> value == null ? withSystem(null) : value;
      default -> value;
    };
  }

  /** Instructions count by themselves where nothing else went in; an override stands alone. */
  private @Nullable Object withSystem(@Nullable Object input) {
    boolean areMessages =
        input instanceof List<?> list
            && !list.isEmpty()
            && list.stream().allMatch(Contents::isChat);
    if (input != null && !areMessages || reader.read("lunary.input") != null) {
      return input;
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    if (input instanceof List<?> list) {
      list.forEach(message -> messages.add(Coerce.named((Map<?, ?>) message)));
    }
    List<Map<String, Object>> all = reader.withSystem(messages);
    return all.isEmpty() ? null : all;
  }

  private static boolean isChat(@Nullable Object message) {
    return message instanceof Map<?, ?> map && map.containsKey("role");
  }

  private static Object chatOrValue(Object value) {
    List<Map<String, Object>> chat = value instanceof String ? null : Messages.found(value);
    return chat == null ? value : chat;
  }

  @Nullable Object output() {
    Object value = first(ContentKeys.OUTPUTS);
    return switch (type) {
      case TypeRules.LLM -> Answers.of(value, finishReasons);
      case TypeRules.RETRIEVER -> Documents.parsed(value);
      default -> value;
    };
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
