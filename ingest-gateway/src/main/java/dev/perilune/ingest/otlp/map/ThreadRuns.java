package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that a trace belongs to, and the exchange in it that the trace answers, which the
 * trace's root then hangs below. Not below the thread itself: a child of a thread is no trace.
 */
final class ThreadRuns {
  private final SpanData span;
  private final String thread;
  private final Users user;
  private final boolean isOpen;

  ThreadRuns(SpanData span, String thread, Users user, boolean isOpen) {
    this.span = span;
    this.thread = thread;
    this.user = user;
    this.isOpen = isOpen;
  }

  static String chatId(SpanData span) {
    return "otel-chat:" + span.traceId();
  }

  /** Adds the thread and the exchange around what the root was given and gave. */
  void around(
      @Nullable Object input,
      @Nullable Object output,
      long start,
      long end,
      Consumer<EventDraft> events) {
    events.accept(EventDraft.of("start", "thread", thread, start).user(user.id(), user.props()));
    events.accept(
        EventDraft.of("start", "chat", chatId(span), start)
            .spanEndedAt(isOpen ? start - 1 : end)
            .parent(thread)
            .user(user.id(), user.props())
            .input(message(input, Messages.USER)));
    if (!isOpen) {
      events.accept(
          EventDraft.of("end", "chat", chatId(span), end)
              .output(message(output, Messages.ASSISTANT)));
    }
  }

  /** The last message of the role; a text counts as one. */
  private static @Nullable List<Object> message(@Nullable Object content, String role) {
    List<?> messages =
        content instanceof List<?> list ? list : content == null ? List.of() : List.of(content);
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i) instanceof Map<?, ?> map && role.equals(map.get("role"))) {
        return List.of(map);
      }
    }
    return content instanceof String text ? List.of(Message.of(text, role).get(0)) : null;
  }
}
