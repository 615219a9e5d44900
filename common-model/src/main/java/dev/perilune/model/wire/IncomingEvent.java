package dev.perilune.model.wire;

import dev.perilune.model.EventTime;
import org.jspecify.annotations.Nullable;

/**
 * One event of a request: its normalised JSON, and what routing and checking need to know of it.
 *
 * @param place of the event in its request as sent, from 0
 * @param refusal why the event can't be read at all, else {@code null}
 * @param json holds the normalised event at {@code from}, {@code length} bytes long; of an event
 *     that can't be read, what was sent instead
 * @param idJson the {@code runId} as sent, as JSON text, for the answer; {@code null} if absent
 * @param runId the id if it is a text
 * @param parentRunId the parent's id if it is a text
 * @param atMicros time of the event, or {@link EventTime#NONE}
 * @param projectHint {@code projectId} or else {@code app}, which only the legacy route looks at
 * @param hasMessage whether there is a {@code message} other than null
 */
public record IncomingEvent(
    int place,
    @Nullable String refusal,
    byte[] json,
    int from,
    int length,
    @Nullable String idJson,
    @Nullable String event,
    @Nullable String type,
    @Nullable String runId,
    @Nullable String parentRunId,
    long atMicros,
    @Nullable String appId,
    @Nullable String projectHint,
    @Nullable String runtime,
    boolean hasMessage) {

  static IncomingEvent refused(
      int place, String why, byte[] sent, int from, int length, @Nullable String idJson) {
    return new IncomingEvent(
        place,
        why,
        sent,
        from,
        length,
        idJson,
        null,
        null,
        null,
        null,
        EventTime.NONE,
        null,
        null,
        null,
        false);
  }

  /** Whether it says what kind of event it is, or why nobody can tell. */
  boolean tellsItsKind() {
    return refusal != null || event != null || "log".equals(type);
  }

  /** The same event with other contents, in the normalised form too. */
  public IncomingEvent withJson(byte[] other) {
    return new IncomingEvent(
        place,
        refusal,
        other,
        0,
        other.length,
        idJson,
        event,
        type,
        runId,
        parentRunId,
        atMicros,
        appId,
        projectHint,
        runtime,
        hasMessage);
  }
}
