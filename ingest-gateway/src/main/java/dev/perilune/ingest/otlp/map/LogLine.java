package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import dev.perilune.model.wire.IncomingEvent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lines of a log, which Logfire sends as spans: kept with the run that they were written in. */
final class LogLine {
  private LogLine() {}

  /** Nothing for a line outside of any run. */
  static List<IncomingEvent> of(SpanData span, Attributes attributes, int place) {
    String parent = SpanTranslator.parent(span);
    if (parent == null) {
      return List.of();
    }
    String text = Coerce.text(attributes.get(GenAiKeys.LOGFIRE_MESSAGE));
    long nanos = span.startNanos() != 0 ? span.startNanos() : span.endNanos();
    EventDraft draft =
        EventDraft.ofLog(level(attributes.get("logfire.level_num")), SpanTranslator.micros(nanos))
            .ofTrace(span.traceId())
            .parent(parent)
            .message(Objects.requireNonNullElse(text, span.name()));
    return List.of(draft.build(place));
  }

  /** By the numbers of OpenTelemetry's severities. */
  private static String level(@Nullable Object number) {
    Integer severity = Coerce.count(number);
    int known = severity == null ? 9 : severity;
    return known < 9 ? "debug" : known < 13 ? "info" : known < 17 ? "warn" : "error";
  }
}
