package dev.perilune.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * One event of a request: its normalised JSON, and what routing and checking need to know of it.
 *
 * @param refusal why the event can't be read at all, else {@code null}
 * @param json holds the normalised event at {@code from}, {@code length} bytes long
 * @param idJson the {@code runId} as sent, as JSON text, for the answer; {@code null} if absent
 * @param runId the id if it is a text
 * @param parentRunId the parent's id if it is a text
 * @param atMicros time of the event, or {@link dev.perilune.model.EventTime#NONE}
 * @param projectHint {@code projectId} or else {@code app}, which only the legacy route looks at
 * @param hasMessage whether there is a {@code message} other than null
 */
public record IncomingEvent(
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
    boolean hasMessage) {}
