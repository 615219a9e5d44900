package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.JsonTree;
import dev.perilune.ingest.otlp.decode.SpanData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one place where a convention keeps contents; null where there is nothing. */
final class ContentReader {
  private static final Map<String, Function<ContentReader, @Nullable Object>> SPECIAL =
      new HashMap<>();

  static {
    SPECIAL.put("@genAiInput", ContentReader::genAiInput);
    SPECIAL.put("@openInferenceInput", r -> r.openInference("llm.input_messages.", Messages.USER));
    SPECIAL.put(
        "@openInferenceOutput", r -> r.openInference("llm.output_messages.", Messages.ASSISTANT));
    SPECIAL.put("@textPrompts", r -> r.texts("llm.prompts.", "prompt.text", Messages.USER));
    SPECIAL.put(
        "@textChoices", r -> r.texts("llm.choices.", "completion.text", Messages.ASSISTANT));
    SPECIAL.put("@indexedPrompt", r -> r.indexed("gen_ai.prompt.", Messages.USER));
    SPECIAL.put("@indexedCompletion", r -> r.indexed("gen_ai.completion.", Messages.ASSISTANT));
    SPECIAL.put("@eventsInput", r -> r.events().input());
    SPECIAL.put("@eventsOutput", r -> r.events().output(r.finishReasons));
    SPECIAL.put("@aiResponse", r -> VercelAnswer.message(r.attributes));
    SPECIAL.put("@aiAgentResponse", r -> VercelAnswer.ofAgent(r.attributes));
    SPECIAL.put(
        "@agentMessages", r -> Answers.of(r.json("gen_ai.output.messages"), new ArrayList<>()));
    SPECIAL.put("@allMessagesInput", r -> AgentHistory.of(r.attributes).before());
    SPECIAL.put("@allMessagesOutput", r -> AgentHistory.of(r.attributes).lastAnswer());
    SPECIAL.put(
        "@traceloopInput", r -> Traceloop.entity(r.json("traceloop.entity.input"), "inputs"));
    SPECIAL.put(
        "@traceloopOutput", r -> Traceloop.entity(r.json("traceloop.entity.output"), "outputs"));
    SPECIAL.put("@traceloopToolInput", r -> Traceloop.toolInput(r.json("traceloop.entity.input")));
    SPECIAL.put(
        "@traceloopToolOutput", r -> Traceloop.entity(r.json("traceloop.entity.output"), "output"));
    SPECIAL.put("@toolMessage", ContentReader::toolMessage);
    SPECIAL.put("@toolList", ContentReader::toolList);
    SPECIAL.put("@documents", r -> Documents.indexed(r.attributes, "retrieval.documents."));
    SPECIAL.put(
        "@rerankedDocuments", r -> Documents.indexed(r.attributes, "reranker.output_documents."));
    SPECIAL.put("@resultEvents", r -> Documents.ofEvents(r.span));
    SPECIAL.put("@embeddedTexts", r -> Embeddings.texts(r.attributes));
    SPECIAL.put("@aiValues", r -> Embeddings.aiValues(r.attributes));
    SPECIAL.put("@embeddedMessages", r -> Embeddings.contents(r.genAiInput()));
    SPECIAL.put(
        "@embeddedPrompts", r -> Embeddings.contents(r.indexed("gen_ai.prompt.", Messages.USER)));
    SPECIAL.put("@vectors", r -> Embeddings.vectors(r.attributes));
  }

  private final SpanData span;
  private final Attributes attributes;
  private final List<String> finishReasons;
  private @Nullable MessageEvents events;

  ContentReader(SpanData span, Attributes attributes, List<String> finishReasons) {
    this.span = span;
    this.attributes = attributes;
    this.finishReasons = finishReasons;
  }

  @Nullable Object read(String name) {
    Function<ContentReader, @Nullable Object> special = SPECIAL.get(name);
    return special == null ? json(name) : special.apply(this);
  }

  private @Nullable Object json(String key) {
    Object value = attributes.get(key);
    if (value == null) {
      return null;
    }
    if (key.equals("input.value") || key.equals("output.value")) {
      String type = Coerce.text(attributes.get(key.replace(".value", ".mime_type")));
      if (type != null) {
        return type.startsWith("application/json") ? Coerce.anyJson(value) : value;
      }
      return value instanceof String text ? jsonOnly(text) : value;
    }
    return ContentKeys.ALWAYS_JSON.contains(key) ? Coerce.anyJson(value) : Coerce.json(value);
  }

  private static @Nullable Object jsonOnly(String text) {
    Object parsed = JsonTree.parse(text);
    // a bare number or word may just as well be the text of a question
    return parsed instanceof Map || parsed instanceof List ? parsed : Coerce.json(text);
  }

  private @Nullable Object genAiInput() {
    Object value = json("gen_ai.input.messages");
    if (value == null) {
      return null;
    }
    List<Map<String, Object>> messages =
        value instanceof List<?> list
            ? Messages.converted(list, Messages.USER)
            : Message.of(value, Messages.USER);
    return withSystem(messages);
  }

  /** The messages with the system's instructions before them, if a span has those apart. */
  List<Map<String, Object>> withSystem(List<Map<String, Object>> messages) {
    return Messages.withSystem(json("gen_ai.system_instructions"), messages);
  }

  private @Nullable Object openInference(String prefix, String role) {
    if (!attributes.hasPrefix(prefix)) {
      return null;
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Map<String, Object> element : DottedTree.elements(attributes.tree(prefix))) {
      if (element.get("message") instanceof Map<?, ?> message) {
        messages.addAll(Message.of(message, role));
      }
    }
    return messages;
  }

  private @Nullable Object texts(String prefix, String path, String role) {
    if (!attributes.hasPrefix(prefix)) {
      return null;
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Map<String, Object> element : DottedTree.elements(attributes.tree(prefix))) {
      Object text = DottedTree.find(element, path);
      if (text != null) {
        messages.addAll(Message.of(text, role));
      }
    }
    return messages;
  }

  private @Nullable Object indexed(String prefix, String role) {
    if (!attributes.hasPrefix(prefix)) {
      return null;
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    Object thinking = null;
    for (Map<String, Object> element : DottedTree.elements(attributes.tree(prefix))) {
      Answers.addReason(finishReasons, element.get("finish_reason"));
      if ("thinking".equals(element.get("role"))) {
        thinking = joined(thinking, element.get("content"));
        continue;
      }
      Map<String, Object> entry = new LinkedHashMap<>(element);
      // a text completion names its prompt after who asked
      if (!entry.containsKey("content") && entry.get(Messages.USER) instanceof String prompt) {
        entry.put("content", prompt);
      }
      if (thinking != null) {
        entry.put("reasoning", thinking);
        thinking = null;
      }
      messages.addAll(Message.of(entry, role));
    }
    if (thinking != null) {
      messages.addAll(Message.of(Map.of("role", role, "reasoning", thinking), role));
    }
    return messages;
  }

  private static @Nullable Object joined(@Nullable Object before, @Nullable Object more) {
    return before == null || more == null ? (before == null ? more : before) : before + "\n" + more;
  }

  private MessageEvents events() {
    if (events == null) {
      MessageEvents found = new MessageEvents();
      if (json("events") instanceof List<?> list) {
        found.addAll(list);
      }
      if (found.input() == null) {
        span.events().forEach(event -> found.add(event.name(), event.attributes()));
      }
      events = found;
    }
    return events;
  }

  private @Nullable Object toolMessage() {
    List<Map<String, Object>> messages = events().input();
    if (messages == null) {
      return null;
    }
    return messages.stream()
        .filter(message -> "tool".equals(message.get("role")))
        .map(message -> Coerce.json(message.get("content")))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Object toolList() {
    Object tools = attributes.get("tools");
    if (!(tools instanceof List<?>)) {
      return null;
    }
    attributes.use("tools");
    return Map.of("tools", tools);
  }
}
