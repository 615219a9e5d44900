package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.LogData;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records of a log that tell what was said in a span, how it failed or how good it was: they add to
 * its run what the span itself does not have, whether they come before it or after. All other
 * records are none of ours.
 */
public final class LogTranslator {
  private static final String DETAILS = "gen_ai.client.inference.operation.details";
  private static final String EVALUATION = "gen_ai.evaluation.result";
  private static final Set<String> EXCEPTIONS =
      Set.of("exception", "gen_ai.client.operation.exception");

  private static final String SUPPLEMENT = "supplement";
  private static final String EVENT_NAME = "event.name";

  /**
   * Adds the event of a record, if it is of use.
   *
   * @return null: a record of no use is taken all the same
   */
  public @Nullable String translate(LogData log, List<IncomingEvent> events) {
    String name = name(log);
    SpanData span = asSpan(log);
    if (SpanTranslator.isTraceable(span) && !SelfTrace.isOf(log.source())) {
      EventDraft draft = draft(name, log, span);
      if (draft != null) {
        events.add(draft.build(events.size()));
      }
    }
    return null;
  }

  private static String name(LogData log) {
    String attribute = Coerce.text(log.attributes().get(EVENT_NAME));
    return log.eventName().isEmpty() && attribute != null ? attribute : log.eventName();
  }

  /** Null for a record of no use; an empty draft would hold buffers that nobody gives back. */
  private static @Nullable EventDraft draft(String name, LogData log, SpanData span) {
    if (name.equals(DETAILS)) {
      return details(span);
    }
    if (name.equals(EVALUATION)) {
      Score score = Score.of(log.attributes());
      return score == null ? null : score.draft(span, at(span));
    }
    if (EXCEPTIONS.contains(name)) {
      return exception(log, span);
    }
    return MessageEvents.isMessage(name) ? message(name, log, span) : null;
  }

  private static long at(SpanData span) {
    return SpanTranslator.micros(span.startNanos());
  }

  private static EventDraft supplement(SpanData span) {
    return SpanTranslator.draft(SUPPLEMENT, TypeRules.LLM, span, at(span));
  }

  private static @Nullable EventDraft message(String name, LogData log, SpanData span) {
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
    if (input == null && output == null) {
      return null;
    }
    Clip clip = new Clip();
    Object clippedInput = clip.content(input);
    Object clippedOutput = clip.content(output);
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (!finishReasons.isEmpty()) {
      metadata.put("finishReasons", finishReasons);
    }
    clip.tell(metadata);
    return supplement(span)
        .choice(messages.choice())
        .input(clippedInput)
        .output(clippedOutput)
        .metadata(metadata);
  }

  /** An exception by itself is no failure; it tells of one that the span does not explain. */
  private static @Nullable EventDraft exception(LogData log, SpanData span) {
    String message = Coerce.text(log.attributes().get("exception.message"));
    String stack = Coerce.text(log.attributes().get("exception.stacktrace"));
    String type = Coerce.text(log.attributes().get("exception.type"));
    if (message == null && stack == null && type == null) {
      return null;
    }
    String text = message != null ? message : type;
    Clip clip = new Clip();
    return supplement(span)
        .error(Failure.error(clipped(clip, text), clipped(clip, stack), clipped(clip, type)));
  }

  /** The attributes of a call, which its span may have been told to do without. */
  private static @Nullable EventDraft details(SpanData span) {
    Attributes attributes = new Attributes(span);
    attributes.use(EVENT_NAME);
    attributes.use(GenAiKeys.OPERATION);
    Clip clip = new Clip();
    Contents contents = new Contents(TypeRules.LLM, span, attributes);
    Object input = clip.content(contents.input());
    Object output = clip.content(contents.output());
    String name = RunNames.of(TypeRules.LLM, span, attributes);
    Users user = Users.of(attributes);
    RunMetadata metadata = new RunMetadata(span, attributes, clip);
    TokenCounts usage = TokenCounts.of(TypeRules.LLM, attributes, metadata.entries());
    Map<String, Object> params = clip.contents(Params.of(TypeRules.LLM, attributes));
    metadata.noteKnown(TypeRules.LLM, name, contents.finishReasons());
    metadata.noteUsers();
    metadata.noteLeftovers(TypeRules.LLM);
    clip.tell(metadata.entries());
    boolean isOfUse =
        input != null
            || output != null
            || user.id() != null
            || !metadata.entries().isEmpty()
            || !params.isEmpty()
            || usage.prompt() != null
            || usage.completion() != null;
    return !isOfUse
        ? null
        : supplement(span)
            .name(name)
            .user(user.id(), user.props())
            .params(params)
            .metadata(metadata.entries())
            .usage(usage.prompt(), usage.completion(), usage.cached())
            .input(input)
            .output(output);
  }

  private static @Nullable String clipped(Clip clip, @Nullable String text) {
    return (String) clip.content(text);
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
        0,
        log.attributes(),
        0,
        List.of(),
        0,
        "");
  }
}
