package dev.perilune.ingest.otlp.map;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole conversation that Pydantic AI keeps on the span of an agent, cut at its answer. */
record AgentHistory(List<Map<String, Object>> messages, int firstAnswer) {

  static AgentHistory of(Attributes attributes) {
    Object sent = attributes.get("pydantic_ai.all_messages");
    Object value = Coerce.json(sent != null ? sent : attributes.get("all_messages_events"));
    if (!(value instanceof List<?> list)) {
      return new AgentHistory(List.of(), 0);
    }
    Integer isNew = Coerce.count(attributes.get("pydantic_ai.new_message_index"));
    int from = Math.min(isNew == null ? 0 : isNew, list.size());
    List<Map<String, Object>> old = Messages.converted(list.subList(0, from), Messages.USER);
    List<Map<String, Object>> messages = Messages.converted(list, Messages.USER);
    int answer = old.size();
    while (answer < messages.size() && !isAnswer(messages.get(answer))) {
      answer++;
    }
    return new AgentHistory(messages, answer);
  }

  private static boolean isAnswer(Map<String, Object> message) {
    return Messages.ASSISTANT.equals(message.get("role"));
  }

  /** What the agent was asked, with what was said before. */
  List<Map<String, Object>> before() {
    return messages.subList(0, firstAnswer);
  }

  /** The last message of the agent, null if it has said nothing. */
  @Nullable Object lastAnswer() {
    for (int i = messages.size() - 1; i >= firstAnswer; i--) {
      if (isAnswer(messages.get(i))) {
        return messages.get(i);
      }
    }
    return null;
  }
}
