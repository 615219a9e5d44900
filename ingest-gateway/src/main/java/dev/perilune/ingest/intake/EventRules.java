package dev.perilune.ingest.intake;

import dev.perilune.model.RunIds;
import dev.perilune.model.wire.IncomingEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an event must have beyond being readable, so that a processor can store it. */
final class EventRules {

  /** Log lines are told by their type, before the event's name is looked at. */
  private static final String LOG = "log";

  private EventRules() {}

  /** Returns what would be right, or null for an event that can be taken. */
  static @Nullable String refusal(IncomingEvent event) {
    if (event.refusal() != null) {
      return event.refusal();
    }
    if (LOG.equals(event.type()) || event.event() == null) {
      return null;
    }
    return switch (event.event()) {
      case "start" -> event.type() == null ? "type is required" : runIdFault(event);
      case "end", "error", "feedback", "score", "supplement" -> runIdFault(event);
      case "update" -> "llm".equals(event.type()) ? runIdFault(event) : null;
      case "chat" ->
          firstOf(threadFault(event), event.hasMessage() ? null : "message is required", event);
      case "custom-event" -> firstOf(threadFault(event), null, event);
      // any other name is taken: it may still tell of a user
      default -> null;
    };
  }

  /**
   * Returns the id that decides which events meet in one processor: the thread of a conversation's
   * events, the run of all others, null when neither matters.
   */
  static @Nullable UUID keyId(IncomingEvent event) {
    boolean inThread =
        LOG.equals(event.type())
            || "chat".equals(event.event())
            || "custom-event".equals(event.event());
    return RunIds.derive(inThread ? event.parentRunId() : event.runId());
  }

  /** Whether other SDKs may come to know the event's thread by a derived id. */
  static boolean isInConversation(IncomingEvent event) {
    return !LOG.equals(event.type())
        && ("chat".equals(event.event()) || "custom-event".equals(event.event()));
  }

  private static @Nullable String firstOf(
      @Nullable String fault, @Nullable String next, IncomingEvent event) {
    if (fault != null) {
      return fault;
    }
    return next != null ? next : runIdFault(event);
  }

  private static @Nullable String threadFault(IncomingEvent event) {
    String parent = event.parentRunId();
    return parent == null || parent.isEmpty() ? "No parent run ID provided" : null;
  }

  private static @Nullable String runIdFault(IncomingEvent event) {
    String runId = event.runId();
    if (runId != null && !runId.isEmpty()) {
      return null;
    }
    boolean otherType = runId == null && event.idJson() != null;
    return otherType ? "runId is required and must be a string" : "runId is required";
  }
}
