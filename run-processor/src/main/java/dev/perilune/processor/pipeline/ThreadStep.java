package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent.Happened;
import dev.perilune.model.RunEvent.OfThread;
import dev.perilune.model.RunEvent.Said;
import dev.perilune.model.RunKey;
import dev.perilune.model.StampedMap;
import dev.perilune.model.wire.Metadata;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.store.ThreadSql;
import dev.perilune.processor.store.ThreadSql.MessageKey;
import dev.perilune.processor.store.ThreadSql.MessageRow;
import dev.perilune.processor.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds what was said to its conversations and folds the part of them that it changes. */
final class ThreadStep {
  private ThreadStep() {}

  static void run(Tx tx, Batch batch) {
    Map<MessageKey, MessageRow> added = new HashMap<>();
    Map<RunKey, Long> since = new HashMap<>();
    Map<RunKey, StampedMap> judgements = new HashMap<>();
    for (Item item : batch.items) {
      if (item.event() instanceof OfThread event) {
        RunKey thread = item.runKey(event.threadId());
        MessageRow row = row(thread, event, batch.user(item));
        added.merge(row.key(), row, (a, b) -> a.stamp().isBefore(b.stamp()) ? a : b);
        since.merge(thread, event.stamp().atMicros(), Math::min);
        if (event instanceof Said said && !said.feedback().isEmpty()) {
          judgements
              .computeIfAbsent(item.runKey(said.messageId()), key -> new StampedMap())
              .put(said.feedback(), said.stamp());
        }
      }
    }
    if (added.isEmpty()) {
      return;
    }
    ThreadSql.insert(tx, added.values());
    ExchangeStep exchanges = new ExchangeStep(tx, batch, added.keySet(), judgements);
    ThreadSql.since(tx, since).values().forEach(exchanges::fold);
    exchanges.write();
  }

  private static MessageRow row(RunKey thread, OfThread event, @Nullable Long user) {
    if (event instanceof Said said) {
      return new MessageRow(
          thread,
          said.stamp(),
          said.messageId(),
          said.aliases(),
          false,
          null,
          said.role(),
          said.retry(),
          said.messageJson(),
          said.tags(),
          object(said.metadata()),
          user,
          said.runtime(),
          null,
          false);
    }
    Happened happened = (Happened) event;
    return new MessageRow(
        thread,
        happened.stamp(),
        happened.eventId(),
        List.of(),
        true,
        happened.name(),
        null,
        false,
        null,
        null,
        object(happened.metadata()),
        user,
        happened.runtime(),
        null,
        false);
  }

  private static @Nullable String object(Map<String, String> fields) {
    return fields.isEmpty() ? null : Metadata.object(fields);
  }
}
