package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.map.Keys.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer that the Vercel AI SDK spreads over several attributes, as one message. */
final class VercelAnswer {
  private static final Keys TEXT = Keys.of("ai.response.text", "ai.result.text");
  private static final Keys OBJECT = Keys.of("ai.response.object", "ai.result.object");
  private static final Keys CALLS = Keys.of("ai.response.toolCalls", "ai.result.toolCalls");

  private VercelAnswer() {}

  static @Nullable Object message(Attributes attributes) {
    String text = attributes.text(TEXT);
    String content = text != null ? text : attributes.text(OBJECT);
    List<Object> calls = new ArrayList<>();
    for (Key key : CALLS.all()) {
      calls.addAll(calls.isEmpty() ? ToolCalls.calls(attributes.get(key)) : List.of());
    }
    String reasoning = Coerce.text(attributes.get("ai.response.reasoning"));
    if (content == null && calls.isEmpty() && reasoning == null) {
      return null;
    }
    MessageParts parts = new MessageParts(Messages.ASSISTANT);
    if (reasoning != null) {
      parts.addContent(List.of(Map.of("type", "reasoning", "text", reasoning)));
    }
    if (content != null) {
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("type", "text");
      part.put("text", content);
      parts.addContent(List.of(part));
    }
    return Messages.single(parts.messages(calls));
  }

  /** The same for the span around the calls, where an object is meant as such. */
  static @Nullable Object ofAgent(Attributes attributes) {
    Object object = Coerce.json(attributes.text(OBJECT));
    return object instanceof Map || object instanceof List ? object : message(attributes);
  }
}
