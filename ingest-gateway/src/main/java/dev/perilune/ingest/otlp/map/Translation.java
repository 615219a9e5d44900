package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rules, applied to one span. */
final class Translation {
  private final SpanData span;
  private final Attributes attributes;
  private final Clip clip = new Clip();
  private final boolean isOpen;
  private final long start;
  private final long end;
  private final String type;
  private final @Nullable String name;
  private final Contents contents;
  private final @Nullable Object input;
  private final @Nullable Object output;
  private final Users user;
  private final @Nullable Map<String, Object> error;
  private final @Nullable String thread;

  Translation(SpanData span, Attributes attributes) {
    this.span = span;
    this.attributes = attributes;
    this.isOpen = span.endNanos() == 0;
    this.start =
        SpanTranslator.micros(span.startNanos() == 0 ? span.endNanos() : span.startNanos());
    this.end = isOpen ? start : Math.max(start, SpanTranslator.micros(span.endNanos()));
    this.type = RunKind.of(span, attributes);
    this.name = RunNames.of(type, span, attributes);
    this.contents = new Contents(type, span, attributes);
    this.input = clip.content(contents.input());
    this.output = clip.content(contents.output());
    this.user = Users.of(attributes);
    Map<String, Object> failure = isOpen ? null : Failure.of(span, attributes);
    this.error = failure == null ? null : clip.contents(failure);
    this.thread = canBeInThread() ? attributes.text(GenAiKeys.THREAD) : null;
  }

  /** Only a root opens its thread. */
  private boolean canBeInThread() {
    return SpanTranslator.parent(span) == null
        && List.of(TypeRules.LLM, TypeRules.AGENT, TypeRules.CHAIN).contains(type);
  }

  /**
   * The events, in the order in which they count.
   *
   * @param place of the first in its request
   */
  List<IncomingEvent> events(int place) {
    List<IncomingEvent> events = new ArrayList<>();
    // one at a time: drafts that are open together cannot use the same buffers
    Consumer<EventDraft> next = draft -> events.add(draft.build(place + events.size()));
    if (thread != null) {
      new ThreadRuns(span, thread, user, isOpen).around(input, output, start, end, next);
    }
    Map<String, Object> feedback = feedback();
    List<Score> scores = Score.all(attributes);
    RunMetadata metadata = new RunMetadata(span, attributes, clip);
    metadata.noteOrigin(name);
    TokenCounts usage = TokenCounts.of(type, attributes, metadata.entries());
    next.accept(start(metadata));
    if (!isOpen) {
      next.accept(end(usage));
    }
    if (error != null) {
      next.accept(SpanTranslator.draft("error", type, span, end).error(error));
    }
    if (feedback != null) {
      next.accept(SpanTranslator.draft("feedback", type, span, end).feedback(feedback));
    }
    scores.forEach(score -> next.accept(score.draft(span, end)));
    return events;
  }

  /** Of two copies of a span that which ended later must count, and an open one less than any. */
  private EventDraft start(RunMetadata metadata) {
    List<String> tags = Tags.of(attributes);
    Number template = attributes.first(GenAiKeys.TEMPLATE, Coerce::count);
    Map<String, Object> params = clip.contents(Params.of(type, attributes));
    // last, since it takes what all the others have left
    Map<String, Object> notes = notes(metadata);
    return SpanTranslator.draft("start", type, span, start)
        .spanEndedAt(isOpen ? start - 1 : end)
        .parent(thread != null ? ThreadRuns.chatId(span) : SpanTranslator.parent(span))
        .name(name)
        .user(user.id(), user.props())
        .tags(tags)
        .templateVersion(template)
        .params(params)
        .metadata(notes)
        .input(input);
  }

  private Map<String, Object> notes(RunMetadata metadata) {
    metadata.noteKnown(type, name, contents.finishReasons());
    metadata.noteUsers();
    metadata.noteLeftovers(type);
    clip.tell(metadata.entries());
    return metadata.entries();
  }

  /** An error comes after what else the end tells, in whatever order both are delivered. */
  private EventDraft end(TokenCounts usage) {
    return SpanTranslator.draft("end", type, span, error == null ? end : end - 1)
        .usage(usage.prompt(), usage.completion(), usage.cached())
        .output(output);
  }

  private @Nullable Map<String, Object> feedback() {
    Map<String, Object> feedback = Coerce.map(attributes.get("lunary.feedback"));
    if (feedback != null) {
      attributes.use("lunary.feedback");
    }
    return feedback;
  }
}
