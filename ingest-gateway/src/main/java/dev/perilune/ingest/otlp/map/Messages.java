package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the messages in what a library kept of a request or of an answer. */
final class Messages {
  static final String USER = "user";
  static final String ASSISTANT = "assistant";
  static final String SYSTEM = "system";

  private Messages() {}

  /** The messages of a request; what holds none is returned as it is. */
  static @Nullable Object ofInput(@Nullable Object value) {
    if (value instanceof String text) {
      return Message.of(text, USER);
    }
    List<Map<String, Object>> found = found(value);
    if (found == null
        && value instanceof Map<?, ?> map
        && map.get("input") instanceof String text) {
      found = withSystem(system(Coerce.named(map)), Message.of(text, USER));
    }
    return found == null ? value : found;
  }

  /** The messages of a chat; null where there are none to be seen. */
  static @Nullable List<Map<String, Object>> found(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return ofList(list);
    }
    return value instanceof Map<?, ?> map ? ofRequest(Coerce.named(map)) : null;
  }

  private static @Nullable List<Map<String, Object>> ofList(List<?> list) {
    if (list.size() == 1 && list.get(0) instanceof List<?> batch) {
      return ofList(batch);
    }
    if (list.isEmpty() || !list.stream().allMatch(Message::isMessage)) {
      return isTexts(list) ? converted(list, USER) : null;
    }
    return converted(list, USER);
  }

  private static boolean isTexts(List<?> list) {
    return !list.isEmpty() && list.stream().allMatch(String.class::isInstance);
  }

  static List<Map<String, Object>> converted(List<?> list, String defaultRole) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object element : list) {
      if (element != null) {
        messages.addAll(Message.of(element, defaultRole));
      }
    }
    return messages;
  }

  private static @Nullable List<Map<String, Object>> ofRequest(Map<String, Object> map) {
    List<Map<String, Object>> messages = null;
    if (Coerce.json(map.get("messages")) instanceof List<?> list && !list.isEmpty()) {
      List<?> flat = list.size() == 1 && list.get(0) instanceof List<?> batch ? batch : list;
      messages = converted(flat, USER);
    } else if (map.get("contents") instanceof List<?> contents) {
      messages = converted(contents, USER);
    } else if (map.get("contents") instanceof String text) {
      messages = Message.of(text, USER);
    } else if (map.get("input") instanceof String text && map.containsKey("model")) {
      messages = Message.of(text, USER);
    } else if (map.get("input") instanceof List<?> items) {
      messages = ResponsesApi.input(items);
    } else if (map.get("prompt") instanceof List<?> prompt
        && prompt.stream().allMatch(Message::isMessage)) {
      messages = converted(prompt, USER);
    } else if (map.get("prompt") instanceof String text) {
      messages = Message.of(text, USER);
    } else if (map.containsKey("role")
        && (map.containsKey("content") || map.containsKey("parts"))) {
      return Message.of(map, USER);
    }
    return messages == null ? null : withSystem(system(map), messages);
  }

  private static @Nullable Object system(Map<String, Object> map) {
    Object system = firstOf(map, "system", "instructions", "systemPrompt", "systemInstruction");
    return system != null ? system : DottedTree.find(map, "config.system_instruction");
  }

  private static @Nullable Object firstOf(Map<String, Object> map, String... keys) {
    for (String key : keys) {
      if (!Coerce.isAbsent(map.get(key))) {
        return map.get(key);
      }
    }
    return null;
  }

  /** Puts a system message first, unless it is there already. */
  static List<Map<String, Object>> withSystem(
      @Nullable Object system, List<Map<String, Object>> messages) {
    String text = joined(system);
    if (text.isEmpty()) {
      return messages;
    }
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", SYSTEM);
    message.put("content", text);
    if (!messages.isEmpty() && messages.get(0).equals(message)) {
      return messages;
    }
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(message);
    all.addAll(messages);
    return all;
  }

  /** The texts of one or several parts, a line for each. */
  private static String joined(@Nullable Object parts) {
    if (parts instanceof List<?> list) {
      return String.join(
          "\n", list.stream().map(Messages::joined).filter(text -> !text.isEmpty()).toList());
    }
    if (parts instanceof Map<?, ?> map) {
      Object text = map.get("text") != null ? map.get("text") : map.get("content");
      return joined(text != null ? text : map.get("parts"));
    }
    return Objects.requireNonNullElse(Coerce.text(parts), "");
  }

  /** One message alone, several as a list, as SDKs send them. */
  static @Nullable Object single(List<Map<String, Object>> messages) {
    return messages.isEmpty() ? null : messages.size() == 1 ? messages.get(0) : messages;
  }
}
