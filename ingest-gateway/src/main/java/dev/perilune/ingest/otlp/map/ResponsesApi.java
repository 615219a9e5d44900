package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Items of OpenAI's Responses API to messages of its chat API. */
final class ResponsesApi {
  private ResponsesApi() {}

  static List<Map<String, Object>> input(List<?> items) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof Map<?, ?> sent)) {
        if (item != null) {
          messages.addAll(Message.of(item, Messages.USER));
        }
        continue;
      }
      Map<String, Object> map = Coerce.named(sent);
      switch (String.valueOf(map.get("type"))) {
        case "function_call" -> {
          MessageParts parts = new MessageParts(Messages.ASSISTANT);
          messages.addAll(parts.messages(List.of(ToolCalls.call(withCallId(map)))));
        }
        case "function_call_output" -> {
          Map<String, Object> message = new LinkedHashMap<>();
          message.put("role", "tool");
          message.put("tool_call_id", map.get("call_id"));
          message.put("content", ToolCalls.result(map.get("output")));
          messages.add(message);
        }
        default -> messages.addAll(Message.of(map, Messages.USER));
      }
    }
    return messages;
  }

  /** Text parts and calls of tools, joined into one message. */
  static List<Map<String, Object>> output(List<?> items) {
    MessageParts parts = new MessageParts(Messages.ASSISTANT);
    List<Object> calls = new ArrayList<>();
    for (Object item : items) {
      if (item instanceof Map<?, ?> sent) {
        Map<String, Object> map = Coerce.named(sent);
        switch (String.valueOf(map.get("type"))) {
          case "function_call" -> calls.add(ToolCalls.call(withCallId(map)));
          case "reasoning" -> reasoning(parts, map);
          default -> parts.addContent(map.containsKey("content") ? map.get("content") : map);
        }
      }
    }
    return parts.messages(calls);
  }

  private static void reasoning(MessageParts parts, Map<String, Object> item) {
    if (item.get("summary") instanceof List<?> summary) {
      for (Object part : summary) {
        if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
          parts.addContent(List.of(Map.of("type", "reasoning", "text", text)));
        }
      }
    }
  }

  private static Map<String, Object> withCallId(Map<String, Object> item) {
    Map<String, Object> call = new LinkedHashMap<>(item);
    if (item.get("call_id") != null) {
      call.put("id", item.get("call_id"));
    }
    return call;
  }
}
