package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One span to the events of one run. The run's id comes of the span's id alone, as those who send
 * feedback for a span expect, and everything else of the span alone, so that spans may come in any
 * order and any number of times.
 */
public final class SpanTranslator {
  private static final String NO_ID = "0000000000000000";
  private static final int TRACE_DIGITS = 32;

  private final int maxSpanBytes;

  /**
   * @param maxSpanBytes that the events of one span may have together
   */
  public SpanTranslator(int maxSpanBytes) {
    this.maxSpanBytes = maxSpanBytes;
  }

  /**
   * Adds the events of a span, which may be none.
   *
   * @return why the span can't be taken; null when it is
   */
  public @Nullable String translate(SpanData span, List<IncomingEvent> events) {
    String fault = fault(span);
    if (fault != null) {
      return fault;
    }
    List<IncomingEvent> own = events(span, events.size());
    if (own.stream().mapToLong(IncomingEvent::length).sum() > maxSpanBytes) {
      return "span over %d bytes".formatted(maxSpanBytes);
    }
    events.addAll(own);
    return null;
  }

  /** Whether it says which span of which trace it is, and when it was. */
  static boolean isTraceable(SpanData span) {
    return fault(span) == null;
  }

  private static @Nullable String fault(SpanData span) {
    if (isNoId(span.traceId(), TRACE_DIGITS)) {
      return "invalid trace id";
    }
    if (isNoId(span.spanId(), NO_ID.length())) {
      return "invalid span id";
    }
    return span.startNanos() == 0 && span.endNanos() == 0 ? "no start and no end time" : null;
  }

  private static boolean isNoId(String id, int digits) {
    return id.length() != digits
        || id.chars().allMatch(c -> c == '0')
        || id.chars().anyMatch(c -> Character.digit(c, 16) < 0);
  }

  private static List<IncomingEvent> events(SpanData span, int place) {
    Attributes attributes = new Attributes(span);
    String kind = String.valueOf(attributes.get(GenAiKeys.LOGFIRE_KIND));
    if (kind.equals("pending_span")) {
      // the same span comes again when it ends
      return List.of();
    }
    if (kind.equals("log") && !RunKind.isModelCall(span, attributes)) {
      return LogLine.of(span, attributes, place);
    }
    return new Translation(span, attributes).events(place);
  }

  /** The parent's id, null for a root. */
  static @Nullable String parent(SpanData span) {
    String parent = span.parentId();
    boolean isNone = isNoId(parent, NO_ID.length()) || parent.equals(span.spanId());
    return isNone ? null : parent;
  }

  static long micros(long nanos) {
    return Long.divideUnsigned(nanos, 1000);
  }

  /** The rules, applied to one span. */
  private static final class Translation {
    private final SpanData span;
    private final Attributes attributes;
    private final Clip clip = new Clip();
    private final long start;
    private final long end;
    private final boolean isOpen;

    Translation(SpanData span, Attributes attributes) {
      this.span = span;
      this.attributes = attributes;
      this.isOpen = span.endNanos() == 0;
      this.start = micros(span.startNanos() == 0 ? span.endNanos() : span.startNanos());
      this.end = isOpen ? start : Math.max(start, micros(span.endNanos()));
    }

    List<IncomingEvent> events(int place) {
      String type = RunKind.of(span, attributes);
      String name = RunNames.of(type, span, attributes);
      Contents contents = new Contents(type, span, attributes);
      Object input = clip.value(contents.input(), Clip.LONGEST_CONTENT);
      Object output = clip.value(contents.output(), Clip.LONGEST_CONTENT);
      Users user = Users.of(attributes);
      List<String> tags = Tags.of(attributes);
      Map<String, Object> params = Params.of(type, attributes);
      Map<String, Object> error = isOpen ? null : Failure.of(span, attributes);
      Number template = attributes.first(GenAiKeys.TEMPLATE, Coerce::count);
      Map<String, Object> feedback = feedback();
      String thread = thread(type);
      RunMetadata metadata = new RunMetadata(span, attributes, clip);
      metadata.noteOrigin(name);
      TokenCounts usage = TokenCounts.of(type, attributes, metadata.entries());
      metadata.noteKnown(type, name, contents.finishReasons());
      metadata.noteUsers();
      metadata.noteLeftovers(type);
      if (clip.hasCut()) {
        metadata.entries().put("otelTruncated", true);
      }

      List<EventDraft> drafts = new ArrayList<>();
      if (thread != null) {
        drafts.addAll(ThreadRuns.around(span, thread, user, input, output, start, end, isOpen));
      }
      // of two copies the finished one must count: the earlier start does
      drafts.add(
          EventDraft.of("start", type, span.spanId(), isOpen ? start + 1 : start)
              .parent(thread != null ? ThreadRuns.chatId(span) : parent(span))
              .name(name)
              .user(user.id(), user.props())
              .tags(tags)
              .templateVersion(template)
              .params(params)
              .metadata(metadata.entries())
              .input(input));
      if (!isOpen) {
        // an error comes after what else the end tells, whoever delivers both in whatever order
        drafts.add(
            EventDraft.of("end", type, span.spanId(), error == null ? end : end - 1)
                .usage(usage.prompt(), usage.completion(), usage.cached())
                .output(output));
      }
      if (error != null) {
        drafts.add(EventDraft.of("error", type, span.spanId(), end).error(error));
      }
      if (feedback != null) {
        drafts.add(EventDraft.of("feedback", type, span.spanId(), end).feedback(feedback));
      }
      return built(drafts, place);
    }

    private @Nullable Map<String, Object> feedback() {
      Map<String, Object> feedback = Coerce.map(attributes.get("lunary.feedback"));
      if (feedback != null) {
        attributes.use("lunary.feedback");
      }
      return feedback;
    }

    /** The thread that a root names, if it is one that can be opened. */
    private @Nullable String thread(String type) {
      boolean canBeOpened =
          parent(span) == null
              && List.of(TypeRules.LLM, TypeRules.AGENT, TypeRules.CHAIN).contains(type);
      return canBeOpened ? attributes.text(GenAiKeys.THREAD) : null;
    }
  }

  static List<IncomingEvent> built(List<EventDraft> drafts, int place) {
    List<IncomingEvent> events = new ArrayList<>(drafts.size());
    for (EventDraft draft : drafts) {
      events.add(draft.build(place + events.size()));
    }
    return events;
  }
}
