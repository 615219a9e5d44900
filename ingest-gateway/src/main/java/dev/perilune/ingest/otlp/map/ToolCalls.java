package dev.perilune.ingest.otlp.map;

import dev.perilune.model.wire.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls of tools and what came of them, from the shapes of several APIs to that of OpenAI's. */
final class ToolCalls {
  private static final Set<String> WRAPPED_RESULTS =
      Set.of("text", "json", "error-text", "error-json", "content");

  private ToolCalls() {}

  static List<Object> calls(@Nullable Object sent) {
    List<Object> calls = new ArrayList<>();
    Object value = Coerce.json(sent);
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (Coerce.json(element) instanceof Map<?, ?> map) {
          calls.add(call(Coerce.named(map)));
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      DottedTree.elements(map).forEach(element -> calls.add(call(element)));
    }
    return calls;
  }

  /** One call, whatever names its API has for id, name and arguments. */
  static Map<String, Object> call(Map<String, Object> sent) {
    Map<String, Object> map =
        sent.get("tool_call") instanceof Map<?, ?> nested ? Coerce.named(nested) : sent;
    Map<String, Object> named =
        map.get("function") instanceof Map<?, ?> function ? Coerce.named(function) : map;
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", first(named, "name", "toolName", "tool_name"));
    function.put("arguments", arguments(first(named, "arguments", "input", "args")));
    Map<String, Object> call = new LinkedHashMap<>();
    Object id = first(map, "id", "toolCallId", "tool_call_id", "call_id");
    if (id != null) {
      call.put("id", id);
    }
    call.put("type", "function");
    call.put("function", function);
    return call;
  }

  private static String arguments(@Nullable Object value) {
    if (value == null) {
      return "{}";
    }
    return value instanceof String text ? text : JsonText.of(value);
  }

  /** The result as text; lists of text parts are joined, anything else is compact JSON. */
  static @Nullable Object result(@Nullable Object sent) {
    Object value = sent;
    if (value instanceof Map<?, ?> map
        && map.containsKey("value")
        && WRAPPED_RESULTS.contains(String.valueOf(map.get("type")))) {
      value = map.get("value");
    }
    if (value == null || value instanceof String) {
      return value;
    }
    String joined = joinedTexts(value);
    return joined != null ? joined : JsonText.of(value);
  }

  private static @Nullable String joinedTexts(Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      return null;
    }
    StringBuilder joined = new StringBuilder();
    for (Object part : list) {
      if (!(part instanceof Map<?, ?> map
          && "text".equals(map.get("type"))
          && map.get("text") instanceof String text)) {
        return null;
      }
      joined.append(joined.isEmpty() ? "" : "\n").append(text);
    }
    return joined.toString();
  }

  private static @Nullable Object first(Map<String, Object> map, String... keys) {
    for (String key : keys) {
      if (map.get(key) != null) {
        return map.get(key);
      }
    }
    return null;
  }
}
