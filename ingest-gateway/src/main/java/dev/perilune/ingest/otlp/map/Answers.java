package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the messages in what a library kept of a model's answer. */
final class Answers {
  private Answers() {}

  /**
   * One message alone, several as a list; what holds none as it is.
   *
   * @param finishReasons takes why the model stopped, where the answer tells
   */
  static @Nullable Object of(@Nullable Object value, List<String> finishReasons) {
    if (value instanceof String text) {
      return Messages.single(Message.of(text, Messages.ASSISTANT));
    }
    if (value instanceof List<?> list) {
      return ofList(list, finishReasons);
    }
    if (!(value instanceof Map<?, ?> sent)) {
      return value;
    }
    Map<String, Object> map = Coerce.named(sent);
    List<Map<String, Object>> messages = ofMap(map, finishReasons);
    return messages == null ? value : Messages.single(messages);
  }

  private static @Nullable Object ofList(List<?> list, List<String> finishReasons) {
    List<?> flat = list.size() == 1 && list.get(0) instanceof List<?> batch ? batch : list;
    boolean areMessages =
        !flat.isEmpty()
            && (flat.stream().allMatch(Message::isMessage)
                || flat.stream().allMatch(String.class::isInstance));
    if (!areMessages) {
      return list;
    }
    for (Object message : flat) {
      if (message instanceof Map<?, ?> map) {
        addReason(finishReasons, map.get("finish_reason"));
      }
    }
    return Messages.single(Messages.converted(flat, Messages.ASSISTANT));
  }

  private static @Nullable List<Map<String, Object>> ofMap(
      Map<String, Object> map, List<String> finishReasons) {
    if (map.get("choices") instanceof List<?> choices) {
      return ofChoices(choices, finishReasons);
    }
    if (Message.isMessage(map)) {
      addReason(finishReasons, map.get("finish_reason"));
      addReason(finishReasons, map.get("stop_reason"));
      return Message.of(map, Messages.ASSISTANT);
    }
    if (map.get("content") instanceof List<?> content) {
      return Message.of(content, Messages.ASSISTANT);
    }
    if (map.get("candidates") instanceof List<?> candidates) {
      return ofCandidates(candidates, finishReasons);
    }
    if (map.get("content") instanceof Map<?, ?> content && content.get("parts") != null) {
      return Message.of(content, Messages.ASSISTANT);
    }
    if (map.get("output") instanceof List<?> output) {
      return ResponsesApi.output(output);
    }
    if (map.get("message") != null) {
      return Message.of(map.get("message"), Messages.ASSISTANT);
    }
    if (map.get("generations") instanceof List<?> generations) {
      return ofGenerations(generations);
    }
    return map.get("combined_chunk_content") instanceof String text
        ? Message.of(text, Messages.ASSISTANT)
        : null;
  }

  /** Choices as OpenAI returns them, also the older ones that hold a text. */
  static List<Map<String, Object>> ofChoices(List<?> choices, List<String> finishReasons) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object element : choices) {
      if (element instanceof Map<?, ?> choice) {
        addReason(finishReasons, choice.get("finish_reason"));
        Object said = choice.get("message") != null ? choice.get("message") : choice.get("text");
        messages.addAll(
            Message.of(said != null ? beside(choice, said) : choice, Messages.ASSISTANT));
      }
    }
    return messages;
  }

  /** Older events keep the calls of tools beside the message. */
  private static Object beside(Map<?, ?> choice, Object said) {
    if (choice.get("tool_calls") == null
        || !(said instanceof Map<?, ?> message)
        || message.get("tool_calls") != null) {
      return said;
    }
    Map<String, Object> whole = new LinkedHashMap<>(Coerce.named(message));
    whole.put("tool_calls", choice.get("tool_calls"));
    return whole;
  }

  private static List<Map<String, Object>> ofCandidates(
      List<?> candidates, List<String> finishReasons) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object element : candidates) {
      if (element instanceof Map<?, ?> candidate && candidate.get("content") != null) {
        addReason(finishReasons, candidate.get("finishReason"));
        messages.addAll(Message.of(candidate.get("content"), Messages.ASSISTANT));
      }
    }
    return messages;
  }

  private static List<Map<String, Object>> ofGenerations(List<?> generations) {
    List<Map<String, Object>> messages = new ArrayList<>();
    Object first = generations.isEmpty() ? null : generations.get(0);
    for (Object element : first instanceof List<?> list ? list : generations) {
      if (element instanceof Map<?, ?> generation) {
        Object said =
            generation.get("message") != null ? generation.get("message") : generation.get("text");
        if (said != null) {
          messages.addAll(Message.of(said, Messages.ASSISTANT));
        }
      }
    }
    return messages;
  }

  static void addReason(List<String> reasons, @Nullable Object reason) {
    String text = Coerce.text(reason);
    if (text != null) {
      reasons.add(text);
    }
  }
}
