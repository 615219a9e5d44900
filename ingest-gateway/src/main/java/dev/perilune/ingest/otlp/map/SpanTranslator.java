package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import dev.perilune.model.wire.IncomingEvent;
import java.util.HexFormat;
import java.util.List;
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
   * @param maxSpanBytes that the events of one span's run may have together
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
    long bytes = 0;
    for (IncomingEvent event : own) {
      // a thread repeats what the span says once already
      bytes += span.spanId().equals(event.runId()) ? event.length() : 0;
    }
    if (bytes > maxSpanBytes) {
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
    boolean isZero = true;
    for (int i = 0; i < id.length(); i++) {
      if (!HexFormat.isHexDigit(id.charAt(i))) {
        return true;
      }
      isZero &= id.charAt(i) == '0';
    }
    return isZero || id.length() != digits;
  }

  private static List<IncomingEvent> events(SpanData span, int place) {
    if (SelfTrace.isOf(span.source())) {
      return List.of();
    }
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

  /** Begins an event of the run that a span is. */
  static EventDraft draft(String event, String type, SpanData span, long atMicros) {
    return EventDraft.of(event, type, span.spanId(), atMicros).ofTrace(span.traceId());
  }

  static long micros(long nanos) {
    return Long.divideUnsigned(nanos, 1000);
  }
}
