package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one message, sorted: what was said, the tools that were called, and what tools
 * answered, which is a message of its own. Answers split a message, so that the order stays.
 */
final class MessageParts {
  private final String role;
  private final List<Map<String, Object>> messages = new ArrayList<>();
  private List<Object> blocks = new ArrayList<>();
  private List<Object> toolCalls = new ArrayList<>();

  MessageParts(String role) {
    this.role = role;
  }

  /** The messages that the parts make; the last may have calls of tools added to it. */
  List<Map<String, Object>> messages(List<Object> moreCalls) {
    toolCalls.addAll(moreCalls);
    if (messages.isEmpty() || !blocks.isEmpty() || !toolCalls.isEmpty()) {
      close();
    }
    return messages;
  }

  private void close() {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content());
    if (!toolCalls.isEmpty()) {
      message.put("tool_calls", toolCalls);
    }
    messages.add(message);
    blocks = new ArrayList<>();
    toolCalls = new ArrayList<>();
  }

  private @Nullable Object content() {
    if (blocks.isEmpty()) {
      return null;
    }
    boolean isText =
        blocks.size() == 1
            && blocks.get(0) instanceof Map<?, ?> block
            && "text".equals(block.get("type"))
            && block.size() == 2;
    return isText ? ((Map<?, ?>) blocks.get(0)).get("text") : blocks;
  }

  /** Adds what a message's content may be: a text, a list of parts, one part. */
  void addContent(@Nullable Object content) {
    if (content instanceof List<?> parts) {
      parts.forEach(this::add);
    } else {
      add(content);
    }
  }

  private void add(@Nullable Object part) {
    if (part == null) {
      return;
    }
    if (!(part instanceof Map<?, ?> sent)) {
      String text = Coerce.text(part);
      blocks.add(text(text == null ? "" : text));
      return;
    }
    Map<String, Object> map = Coerce.named(sent);
    String type = String.valueOf(map.get("type"));
    switch (type) {
      case "text", "input_text", "output_text" -> blocks.add(text(map));
      case "reasoning", "thinking" -> blocks.add(thinking(map));
      case "tool_call", "tool-call", "tool_use", "toolCall" -> toolCalls.add(ToolCalls.call(map));
      case "tool_call_response", "tool-result", "tool_result", "tool-return" -> answer(map);
      case "refusal" -> blocks.add(map);
      default -> other(map);
    }
  }

  private void other(Map<String, Object> map) {
    if (map.get("functionCall") instanceof Map<?, ?> call) {
      toolCalls.add(ToolCalls.call(Coerce.named(call)));
    } else if (map.get("function_call") instanceof Map<?, ?> call) {
      toolCalls.add(ToolCalls.call(Coerce.named(call)));
    } else if (map.get("functionResponse") instanceof Map<?, ?> response) {
      answer(Coerce.named(response));
    } else if (map.get("function_response") instanceof Map<?, ?> response) {
      answer(Coerce.named(response));
    } else if (!map.containsKey("type") && map.get("text") instanceof String) {
      blocks.add(Boolean.TRUE.equals(map.get("thought")) ? thinking(map) : text(map));
    } else {
      blocks.add(MediaParts.block(map));
    }
  }

  private static Map<String, Object> text(Map<String, Object> map) {
    Object text = map.get("text") != null ? map.get("text") : map.get("content");
    return text(String.valueOf(Objects.requireNonNullElse(text, "")));
  }

  private static Map<String, Object> text(String text) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", "text");
    block.put("text", text);
    return block;
  }

  static Map<String, Object> thinking(Map<String, Object> map) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", "thinking");
    block.put(
        "thinking",
        Stream.of("thinking", "content", "text", "reasoning")
            .map(map::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(""));
    if (map.get("signature") != null) {
      block.put("signature", map.get("signature"));
    }
    return block;
  }

  /** A tool's answer becomes a message of the tool. */
  private void answer(Map<String, Object> map) {
    if (!blocks.isEmpty() || !toolCalls.isEmpty()) {
      close();
    }
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "tool");
    put(message, "tool_call_id", first(map, "id", "toolCallId", "tool_use_id", "tool_call_id"));
    put(message, "name", first(map, "name", "toolName", "tool_name"));
    message.put("content", ToolCalls.result(first(map, "response", "result", "output", "content")));
    messages.add(message);
  }

  private static @Nullable Object first(Map<String, Object> map, String... keys) {
    return Stream.of(keys).map(map::get).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }
}
