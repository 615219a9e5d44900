package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.LogData;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of a log that tell what was said in a span: they add to its run what the span itself does
 * not have, whether they come before it or after. All other records are none of ours.
 */
public final class LogTranslator {
  private static final String DETAILS = "gen_ai.client.inference.operation.details";
  private static final String SUPPLEMENT = "supplement";

  /**
   * Adds the event of a record, if it is of use.
   *
   * @return null: a record of no use is taken all the same
   */
  public @Nullable String translate(LogData log, List<IncomingEvent> events) {
    SpanData span = asSpan(log);
    String name = name(log);
    if (!SpanTranslator.isTraceable(span)) {
      return null;
    }
    EventDraft draft = draft(span);
    boolean isOfUse =
        name.equals(DETAILS)
            ? addDetails(draft, span)
            : MessageEvents.isMessage(name) && addMessage(draft, name, log);
    if (isOfUse) {
      events.add(draft.build(events.size()));
    }
    return null;
  }

  private static String name(LogData log) {
    String attribute = Coerce.text(log.attributes().get("event.name"));
    return log.eventName().isEmpty() && attribute != null ? attribute : log.eventName();
  }

  private static EventDraft draft(SpanData span) {
    return EventDraft.of(
        SUPPLEMENT, TypeRules.LLM, span.spanId(), SpanTranslator.micros(span.startNanos()));
  }

  private static boolean addMessage(EventDraft draft, String name, LogData log) {
    MessageEvents messages = new MessageEvents();
    Map<String, Object> body = Coerce.map(log.body());
    if (body != null) {
      Map<String, Object> payload = new LinkedHashMap<>(body);
      payload.computeIfPresent("message", (key, message) -> Coerce.json(message));
      messages.addPayload(name, payload);
    } else {
      Map<String, Object> attributes = new LinkedHashMap<>(log.attributes());
      attributes.putIfAbsent("content", log.body());
      messages.add(name, attributes);
    }
    List<String> finishReasons = new ArrayList<>();
    Object input = messages.input();
    Object output = messages.output(finishReasons);
    draft.input(input).output(output);
    if (!finishReasons.isEmpty()) {
      draft.metadata(Map.of("finishReasons", finishReasons));
    }
    return input != null || output != null;
  }

  /** The attributes of a call, which its span may have been told to do without. */
  private static boolean addDetails(EventDraft draft, SpanData span) {
    Attributes attributes = new Attributes(span);
    Contents contents = new Contents(TypeRules.LLM, span, attributes);
    Object input = contents.input();
    Object output = contents.output();
    String name = RunNames.of(TypeRules.LLM, span, attributes);
    Map<String, Object> metadata = new LinkedHashMap<>();
    TokenCounts usage = TokenCounts.of(TypeRules.LLM, attributes, metadata);
    List<String> reasons = attributes.first(GenAiKeys.FINISH_REASONS, Coerce::list);
    if (reasons != null || !contents.finishReasons().isEmpty()) {
      metadata.put("finishReasons", reasons != null ? reasons : contents.finishReasons());
    }
    draft
        .name(name)
        .metadata(metadata)
        .usage(usage.prompt(), usage.completion(), usage.cached())
        .input(input)
        .output(output);
    return input != null || output != null || !metadata.isEmpty() || usage.prompt() != null;
  }

  /** A record has all that the rules for spans look at. */
  private static SpanData asSpan(LogData log) {
    return new SpanData(
        log.source(),
        log.traceId(),
        log.spanId(),
        "",
        "",
        0,
        log.timeNanos(),
        log.timeNanos(),
        log.attributes(),
        0,
        List.of(),
        0,
        "");
  }
}
