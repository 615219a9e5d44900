package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.perilune.model.EventTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one event in its normalised form, for doors whose senders don't speak JSON events. Values
 * are texts, booleans, numbers, lists and maps of them; what is {@code null} is left out. Keys of
 * contents become camel case at every depth, as those of sent events do; keys of metadata stay.
 *
 * <p>The caller limits how deep values nest.
 */
public final class EventDraft {
  /** Grows to just what the generator has when it is closed, unless that is very much. */
  private final WireBuffer bytes = new WireBuffer(0);

  private final JsonGenerator out;
  private final @Nullable String event;
  private final String type;
  private final long atMicros;
  private @Nullable String runId;
  private @Nullable String parentRunId;

  private EventDraft(@Nullable String event, String type, long atMicros) {
    this.event = event;
    this.type = type;
    this.atMicros = atMicros;
    try {
      this.out = Json.FACTORY.createGenerator(bytes);
      out.writeStartObject();
      if (event != null) {
        out.writeStringField(EventFields.EVENT, WireText.clean(event));
      }
      out.writeStringField(EventFields.TYPE, WireText.clean(type));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  /** Begins an event of a run. */
  public static EventDraft of(String event, String type, String runId, long atMicros) {
    EventDraft draft = new EventDraft(event, type, atMicros);
    draft.runId = runId;
    return draft.put(EventFields.RUN_ID, runId).time(atMicros);
  }

  /** Begins a line of a log. */
  public static EventDraft ofLog(String level, long atMicros) {
    return new EventDraft(level, "log", atMicros).time(atMicros);
  }

  public EventDraft parent(@Nullable String rawId) {
    parentRunId = rawId;
    return put(EventFields.PARENT_RUN_ID, rawId);
  }

  /**
   * Takes when the span ended that tells of the run: of two copies the later counts.
   *
   * @param micros a time before its start for a span that is open
   */
  public EventDraft spanEndedAt(long micros) {
    return put(EventFields.SPAN_ENDED_AT, EventTime.text(micros));
  }

  /** Takes the trace of the span that the run's id is of, and of its parent. */
  public EventDraft ofTrace(String traceId) {
    return put(EventFields.SPAN_TRACE_ID, traceId);
  }

  public EventDraft name(@Nullable String name) {
    return put(EventFields.NAME, name);
  }

  public EventDraft runtime(String name) {
    return put(EventFields.RUNTIME, name);
  }

  public EventDraft input(@Nullable Object value) {
    return put(EventFields.INPUT, value);
  }

  public EventDraft output(@Nullable Object value) {
    return put(EventFields.OUTPUT, value);
  }

  /** Takes which of a model's answers the output is, from 0. */
  public EventDraft choice(int index) {
    return index == 0 ? this : put(EventFields.CHOICE, index);
  }

  public EventDraft error(Map<String, ?> error) {
    return put(EventFields.ERROR, error);
  }

  /** Text of a log line. */
  public EventDraft message(String text) {
    return put(EventFields.MESSAGE, text);
  }

  public EventDraft params(Map<String, ?> params) {
    return params.isEmpty() ? this : put(EventFields.PARAMS, params);
  }

  public EventDraft tags(List<String> tags) {
    return tags.isEmpty() ? this : put(EventFields.TAGS, tags);
  }

  public EventDraft metadata(Map<String, ?> metadata) {
    return metadata.isEmpty() ? this : write(EventFields.METADATA, metadata, false);
  }

  public EventDraft feedback(Map<?, ?> feedback) {
    return put(EventFields.FEEDBACK, feedback);
  }

  /**
   * Takes a score.
   *
   * @param value a text, number or boolean
   */
  public EventDraft score(String label, Object value, @Nullable String comment) {
    Map<String, Object> score = new LinkedHashMap<>();
    score.put("label", label);
    score.put("value", value);
    if (comment != null) {
      score.put("comment", comment);
    }
    return put(EventFields.SCORE, score);
  }

  public EventDraft templateVersion(@Nullable Number id) {
    return put(EventFields.TEMPLATE_VERSION_ID, id);
  }

  /** Takes the application's own id of the user, and what it knows of them. */
  public EventDraft user(@Nullable String externalId, Map<String, ?> props) {
    put(EventFields.USER_ID, externalId);
    return props.isEmpty() ? this : put(EventFields.USER_PROPS, props);
  }

  /** Takes counts; {@code prompt} is all that the model read, {@code cached} a part of it. */
  public EventDraft usage(
      @Nullable Integer prompt, @Nullable Integer completion, @Nullable Integer cached) {
    if (prompt == null && completion == null && cached == null) {
      return this;
    }
    try {
      out.writeObjectFieldStart(EventFields.TOKENS_USAGE);
      put("prompt", prompt).put("completion", completion).put("promptCached", cached);
      out.writeEndObject();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  /** Ends the event. */
  public IncomingEvent build(int place) {
    try {
      out.writeEndObject();
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return new IncomingEvent(
        place,
        null,
        bytes.array(),
        0,
        bytes.size(),
        null,
        event,
        type,
        runId,
        parentRunId,
        atMicros,
        null,
        null,
        null,
        false);
  }

  private EventDraft time(long micros) {
    return put(EventFields.TIMESTAMP, EventTime.text(micros));
  }

  private EventDraft put(String field, @Nullable Object value) {
    return value == null ? this : write(field, value, true);
  }

  private EventDraft write(String field, Object value, boolean camelCase) {
    try {
      out.writeFieldName(field);
      new ValueWriter(out, camelCase).write(value);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }
}
