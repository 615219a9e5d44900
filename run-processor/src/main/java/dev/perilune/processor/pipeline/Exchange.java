package dev.perilune.processor.pipeline;

import dev.perilune.model.RunKey;
import dev.perilune.processor.store.ThreadSql.MessageKey;
import dev.perilune.processor.store.ThreadSql.MessageRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question and its answer, or a custom event: what a conversation consists of. A function of the
 * conversation's messages in time, whatever order they arrived in.
 */
final class Exchange {
  private static final Set<String> INPUT_ROLES = Set.of("user", "system", "developer");

  final List<MessageRow> messages = new ArrayList<>();

  /** The exchange that this one tries again. */
  final @Nullable Exchange retryOf;

  /** Its public id: that of its latest message. */
  UUID id;

  private Exchange(MessageRow first, @Nullable Exchange retryOf) {
    this.retryOf = retryOf;
    this.id = first.messageId();
    messages.add(first);
  }

  /**
   * Folds messages, which must be in time order and begin where an exchange opens. A message that
   * tries again what came before opens a sibling of it; an answer goes to the open exchange; a
   * question goes there too unless that has an answer already.
   */
  static List<Exchange> fold(List<MessageRow> messages) {
    List<Exchange> exchanges = new ArrayList<>();
    Exchange open = null;
    for (MessageRow message : messages) {
      boolean follows = open != null && !open.isCustom() && !message.custom();
      if (follows && message.retry()) {
        open = new Exchange(message, open);
        exchanges.add(open);
      } else if (follows && (!isInput(message) || !open.hasOutput())) {
        open.messages.add(message);
        open.id = message.messageId();
      } else {
        open = new Exchange(message, null);
        exchanges.add(open);
      }
    }
    return exchanges;
  }

  static boolean isInput(MessageRow message) {
    return message.role() != null && INPUT_ROLES.contains(message.role());
  }

  boolean isCustom() {
    return first().custom();
  }

  MessageRow first() {
    return messages.get(0);
  }

  MessageRow last() {
    return messages.get(messages.size() - 1);
  }

  boolean hasOutput() {
    return messages.stream().anyMatch(message -> !isInput(message));
  }

  /**
   * Whether it is the exchange that is stored under its id.
   *
   * @param fresh messages that were just added
   * @param storedSizes how many messages were part of each run at the last fold
   */
  boolean isAsStored(Set<MessageKey> fresh, Map<UUID, Long> storedSizes) {
    boolean opened = first().opens() == (retryOf == null);
    return opened
        && storedSizes.getOrDefault(id, 0L) == messages.size()
        && messages.stream()
            .allMatch(message -> id.equals(message.runId()) && !fresh.contains(message.key()));
  }

  /** Ids of the runs that its messages were part of at the last fold. */
  Set<UUID> formerIds() {
    Set<UUID> ids = new HashSet<>();
    messages.forEach(
        message -> {
          if (message.runId() != null) {
            ids.add(message.runId());
          }
        });
    return ids;
  }

  /** What it tries again, from the first try on, and itself. */
  List<Exchange> withWhatItRetries() {
    List<Exchange> chain = new ArrayList<>();
    for (Exchange exchange = this; exchange != null; exchange = exchange.retryOf) {
      chain.add(0, exchange);
    }
    return chain;
  }

  /** The full name of a run of its project. */
  RunKey key(UUID run) {
    return new RunKey(first().thread().project(), run);
  }
}
