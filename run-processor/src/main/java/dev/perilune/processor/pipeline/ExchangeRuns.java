package dev.perilune.processor.pipeline;

import dev.perilune.processor.store.Payload.Part;
import dev.perilune.processor.store.StoredRun;
import dev.perilune.processor.store.ThreadSql.MessageKey;
import dev.perilune.processor.store.ThreadSql.MessageRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the runs of exchanges out of the texts of their messages. */
final class ExchangeRuns {
  private static final String CHAT = "chat";
  private static final String CUSTOM_EVENT = "custom-event";

  private final Map<MessageKey, String> texts;

  ExchangeRuns(Map<MessageKey, String> texts) {
    this.texts = texts;
  }

  /** Makes the run; {@code stored} is the row that it takes over. */
  RunState run(Exchange exchange, @Nullable StoredRun stored) {
    MessageRow first = exchange.first();
    RunState state = new RunState(exchange.key(exchange.id), new RunFold(), stored);
    if (stored != null) {
      state.links.shown = RunRows.load(stored).asParent();
    }
    state.fold.exchange = true;
    state.changed = true;
    state.type = exchange.isCustom() ? CUSTOM_EVENT : CHAT;
    state.name = first.name();
    state.runtime = first.runtime();
    state.createdAtMicros = first.stamp().atMicros();
    state.endedAtMicros = exchange.last().stamp().atMicros();
    state.links.parentId = first.thread().id();
    state.links.siblingId = exchange.retryOf == null ? null : exchange.retryOf.id;
    // a retry begins as a copy of what it tries again; within an exchange the latest word counts
    for (Exchange part : exchange.withWhatItRetries()) {
      for (MessageRow message : part.messages) {
        state.labels.tags = message.tags() != null ? message.tags() : state.labels.tags;
        state.labels.metadata =
            message.metadata() != null ? message.metadata() : state.labels.metadata;
        state.startUserId = message.userId() != null ? message.userId() : state.startUserId;
      }
    }
    state.payload.set(Part.INPUT, input(exchange));
    state.payload.set(Part.OUTPUT, list(exchange, false));
    return state;
  }

  private @Nullable String input(Exchange exchange) {
    String own = list(exchange, true);
    return own == null && exchange.retryOf != null ? input(exchange.retryOf) : own;
  }

  private @Nullable String list(Exchange exchange, boolean input) {
    List<String> messages =
        exchange.messages.stream()
            .filter(message -> !message.custom() && Exchange.isInput(message) == input)
            .map(message -> texts.get(message.key()))
            .toList();
    return messages.isEmpty() ? null : "[" + String.join(",", messages) + "]";
  }
}
