package dev.perilune.model;

import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which span an event tells of, and below which it is. Span ids are unique in their trace only, and
 * the id of a span's run comes of the span's id alone: where two traces use the same, the second
 * gets the other id that this makes.
 *
 * @param trace the 16 bytes of the trace's id
 * @param span sixteen lower-case hexadecimal digits; {@code null} for what is no span itself
 * @param parent of the same form, in the same trace; {@code null} for none
 */
public record SpanNames(UUID trace, @Nullable String span, @Nullable String parent) {
  private static final int TRACE_DIGITS = 32;
  private static final int SPAN_DIGITS = 16;

  /** Returns what these ids name; {@code null} if the first is no id of a trace. */
  public static @Nullable SpanNames of(
      @Nullable String trace, @Nullable String span, @Nullable String parent) {
    UUID id = traceId(trace);
    return id == null ? null : new SpanNames(id, spanId(span), spanId(parent));
  }

  /** The trace that 32 hexadecimal digits spell, else {@code null}. */
  public static @Nullable UUID traceId(@Nullable String digits) {
    return isHex(digits, TRACE_DIGITS)
        ? new UUID(
            HexFormat.fromHexDigitsToLong(digits, 0, SPAN_DIGITS),
            HexFormat.fromHexDigitsToLong(digits, SPAN_DIGITS, TRACE_DIGITS))
        : null;
  }

  /** The id of a span's run where another trace has the one that comes of the span's id. */
  public static UUID otherRunId(UUID trace, String span, ProjectId project) {
    HexFormat hex = HexFormat.of();
    String digits =
        hex.toHexDigits(trace.getMostSignificantBits())
            + hex.toHexDigits(trace.getLeastSignificantBits());
    return RunIds.seedUuid(digits + ":" + span + ":" + project.value());
  }

  private static @Nullable String spanId(@Nullable String digits) {
    return isHex(digits, SPAN_DIGITS) ? digits : null;
  }

  private static boolean isHex(@Nullable String text, int digits) {
    return text != null
        && text.length() == digits
        && text.chars().allMatch(digit -> digit < 128 && HexFormat.isHexDigit(digit));
  }
}
