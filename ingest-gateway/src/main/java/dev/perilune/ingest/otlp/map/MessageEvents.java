package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages that come as events of a span, as log records, or as a list in an attribute of the span:
 * one for each message, and one for each choice of the model.
 */
public final class MessageEvents {
  private static final String CHOICE = "gen_ai.choice";
  private static final String PROMPT = "gen_ai.content.prompt";
  private static final String COMPLETION = "gen_ai.content.completion";

  private static final Map<String, String> ROLES =
      Map.of(
          "gen_ai.system.message", "system",
          "gen_ai.user.message", "user",
          "gen_ai.assistant.message", "assistant",
          "gen_ai.tool.message", "tool");

  private static final Set<String> PAYLOAD =
      Set.of("role", "content", "tool_calls", "id", "index", "finish_reason", "message", "name");

  private final List<Map<String, Object>> input = new ArrayList<>();
  private final List<Map<?, ?>> choices = new ArrayList<>();
  private final List<Map<String, Object>> completions = new ArrayList<>();

  /** Whether an event of this name says what was said. */
  public static boolean isMessage(String name) {
    return ROLES.containsKey(name)
        || name.equals(CHOICE)
        || name.equals(PROMPT)
        || name.equals(COMPLETION);
  }

  /** Takes an event with its attributes; others than messages are left alone. */
  void add(String name, Map<String, Object> attributes) {
    switch (name) {
      case PROMPT -> input.addAll(indexless(attributes.get("gen_ai.prompt"), Messages.USER));
      case COMPLETION ->
          completions.addAll(indexless(attributes.get("gen_ai.completion"), Messages.ASSISTANT));
      default -> {
        if (isMessage(name)) {
          addPayload(name, payload(attributes));
        }
      }
    }
  }

  private static List<Map<String, Object>> indexless(@Nullable Object sent, String role) {
    Object value = Coerce.json(sent);
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> list ? Messages.converted(list, role) : Message.of(value, role);
  }

  /** Takes an event whose content is known. */
  void addPayload(String name, Map<String, Object> payload) {
    if (name.equals(CHOICE)) {
      choices.add(payload);
      return;
    }
    String role = ROLES.getOrDefault(name, Messages.USER);
    input.addAll(Message.of(payload, role));
  }

  /** A list of such events in one attribute, as Pydantic AI's first instrumentation kept them. */
  void addAll(List<?> events) {
    int choice = choiceWithoutName(events);
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof Map<?, ?> sent) {
        Map<String, Object> event = new LinkedHashMap<>(Coerce.named(sent));
        String name = Coerce.text(event.remove("event.name"));
        event.remove("gen_ai.message.index");
        addPayload(i == choice ? CHOICE : name == null ? "" : name, event);
      }
    }
  }

  private static int choiceWithoutName(List<?> events) {
    int last = -1;
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof Map<?, ?> event) {
        if (CHOICE.equals(event.get("event.name"))) {
          return -1;
        }
        last = event.containsKey("message") ? i : last;
      }
    }
    return last;
  }

  private static Map<String, Object> payload(Map<String, Object> attributes) {
    Map<String, Object> whole = Coerce.map(attributes.get("gen_ai.event.content"));
    if (whole != null) {
      return whole;
    }
    Map<String, Object> payload = new LinkedHashMap<>();
    attributes.forEach(
        (key, value) -> {
          if (PAYLOAD.contains(key)) {
            payload.put(key, Coerce.json(value));
          }
        });
    return payload;
  }

  /** Messages of the request, null if there are none. */
  @Nullable List<Map<String, Object>> input() {
    return input.isEmpty() ? null : input;
  }

  /** The answer, null if there is none. */
  @Nullable Object output(List<String> finishReasons) {
    if (choices.isEmpty()) {
      return Messages.single(completions);
    }
    choices.sort(Comparator.comparingInt(MessageEvents::index));
    return Messages.single(Answers.ofChoices(choices, finishReasons));
  }

  /** Which of the model's answers this is, if there is just one of them here. */
  int choice() {
    return choices.size() == 1 ? index(choices.get(0)) : 0;
  }

  private static int index(Map<?, ?> choice) {
    Integer index = Coerce.count(choice.get("index"));
    return index == null ? 0 : index;
  }
}
