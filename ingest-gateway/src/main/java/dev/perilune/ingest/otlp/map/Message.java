package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One message of any API to messages of OpenAI's chat API, which all runs have. */
final class Message {
  private static final Map<String, String> ROLES =
      Map.of("human", "user", "ai", "assistant", "model", "assistant", "bot", "assistant");

  private static final Set<String> LANGCHAIN_TYPES =
      Set.of("human", "ai", "system", "tool", "function", "AIMessageChunk", "chat", "developer");

  private Message() {}

  /** Whether it can be taken for a message. */
  static boolean isMessage(@Nullable Object value) {
    return value instanceof Map<?, ?> map
        && (map.containsKey("role") || langChain(Coerce.named(map)) != null);
  }

  /** Several messages where answers of tools are mixed with other parts. */
  static List<Map<String, Object>> of(Object value, String defaultRole) {
    if (!(value instanceof Map<?, ?> sent)) {
      MessageParts parts = new MessageParts(defaultRole);
      parts.addContent(value);
      return parts.messages(List.of());
    }
    Map<String, Object> map = Coerce.named(sent);
    Map<String, Object> serialised = langChain(map);
    return converted(serialised != null ? serialised : map, defaultRole);
  }

  private static List<Map<String, Object>> converted(Map<String, Object> map, String defaultRole) {
    String role = role(map.get("role"), defaultRole);
    MessageParts parts = new MessageParts(role);
    addThinking(parts, map);
    parts.addContent(content(map));
    List<Object> calls = new ArrayList<>(calls(map));
    List<Map<String, Object>> messages = parts.messages(calls);
    Map<String, Object> last = messages.get(messages.size() - 1);
    boolean isTool = role.equals("tool") || role.equals("function");
    if (isTool && messages.size() == 1) {
      Object id = map.get("tool_call_id") != null ? map.get("tool_call_id") : map.get("id");
      put(last, "tool_call_id", id);
      Object content = last.get("content");
      last.put("content", content instanceof List<?> ? ToolCalls.result(content) : content);
    }
    put(last, "name", map.get("name"));
    put(last, "refusal", map.get("refusal"));
    return messages;
  }

  private static void addThinking(MessageParts parts, Map<String, Object> map) {
    Object thinking = map.get("reasoning") != null ? map.get("reasoning") : map.get("thinking");
    if (thinking instanceof String text && !text.isEmpty()) {
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("type", "thinking");
      part.put("thinking", text);
      parts.addContent(List.of(part));
    }
  }

  private static @Nullable Object content(Map<String, Object> map) {
    if (map.get("parts") instanceof List<?> parts) {
      return parts;
    }
    Object content = map.get("content");
    if (content instanceof String text && text.stripLeading().startsWith("[")) {
      Object parsed = Coerce.json(text);
      return isBlocks(parsed) ? parsed : content;
    }
    if (map.get("contents") instanceof Map<?, ?> contents) {
      return openInference(contents);
    }
    return content;
  }

  private static boolean isBlocks(@Nullable Object parsed) {
    return parsed instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(item -> item instanceof Map<?, ?> map && map.containsKey("type"));
  }

  /** Such as {@code contents.0.message_content.image.image.url}. */
  private static List<Object> openInference(Map<?, ?> contents) {
    List<Object> blocks = new ArrayList<>();
    for (Map<String, Object> element : DottedTree.elements(contents)) {
      if (element.get("tool_call") instanceof Map<?, ?> call) {
        Map<String, Object> part = new LinkedHashMap<>(ToolCalls.call(Coerce.named(call)));
        part.put("type", "tool_call");
        blocks.add(part);
      } else if (element.get("message_content") instanceof Map<?, ?> content) {
        Object url = DottedTree.find(content, "image.image.url");
        Object audio = DottedTree.find(content, "audio.audio.url");
        blocks.add(
            url != null
                ? Map.of("type", "image-url", "url", url)
                : audio != null ? Map.of("type", "audio-url", "url", audio) : content);
      }
    }
    return blocks;
  }

  private static List<Object> calls(Map<String, Object> map) {
    for (String key : List.of("tool_calls", "toolCalls")) {
      if (map.get(key) != null) {
        List<Object> calls = ToolCalls.calls(map.get(key));
        if (!calls.isEmpty()) {
          return calls;
        }
      }
    }
    if (map.get("function_call") instanceof Map<?, ?> call && call.get("name") != null) {
      return List.of(ToolCalls.call(Coerce.named(call)));
    }
    if (map.get("function_call_name") != null) {
      Map<String, Object> call = new LinkedHashMap<>();
      call.put("name", map.get("function_call_name"));
      call.put("arguments", map.get("function_call_arguments_json"));
      return List.of(ToolCalls.call(call));
    }
    return map.get("additional_kwargs") instanceof Map<?, ?> more
        ? calls(Coerce.named(more))
        : List.of();
  }

  static String role(@Nullable Object sent, String defaultRole) {
    String role = Coerce.text(sent);
    return role == null ? defaultRole : ROLES.getOrDefault(role.toLowerCase(Locale.ROOT), role);
  }

  /** What LangChain serialises, as a plain message; null for anything else. */
  private static @Nullable Map<String, Object> langChain(Map<String, Object> map) {
    String kind = null;
    Object body = null;
    if (map.get("kwargs") instanceof Map<?, ?> kwargs
        && map.get("id") instanceof List<?> path
        && !path.isEmpty()) {
      kind = String.valueOf(path.get(path.size() - 1)).replaceAll("Message(Chunk)?$", "");
      body = kwargs;
    } else if (map.get("data") instanceof Map<?, ?> data && isLangChainType(map)) {
      kind = String.valueOf(map.get("type"));
      body = data;
    } else if (isLangChainType(map) && map.containsKey("content") && !map.containsKey("role")) {
      kind = String.valueOf(map.get("type"));
      body = map;
    }
    if (!(body instanceof Map<?, ?> named)) {
      return null;
    }
    Map<String, Object> message = new LinkedHashMap<>(Coerce.named(named));
    String type = role(kind.replaceAll("MessageChunk$", ""), "user").toLowerCase(Locale.ROOT);
    // the class for all other roles says itself which one it is
    message.put("role", type.equals("chat") ? role(named.get("role"), "user") : type);
    message.remove("name", null);
    if (message.get("tool_call_id") == null) {
      message.remove("id");
    }
    return message;
  }

  private static boolean isLangChainType(Map<String, Object> map) {
    return LANGCHAIN_TYPES.contains(String.valueOf(map.get("type")));
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (!Coerce.isAbsent(value)) {
      map.put(key, value);
    }
  }
}
