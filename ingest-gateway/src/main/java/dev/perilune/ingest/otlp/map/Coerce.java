package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.JsonTree;
import dev.perilune.model.wire.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From what an attribute holds to what a field wants; null where it does not fit. */
final class Coerce {
  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}(\\.0+)?");

  private Coerce() {}

  /** Whether a value counts as not sent. */
  static boolean isAbsent(@Nullable Object value) {
    return value == null
        || value instanceof String text && text.isEmpty()
        || value instanceof List<?> list && list.isEmpty()
        || value instanceof Map<?, ?> map && map.isEmpty();
  }

  static @Nullable String text(@Nullable Object value) {
    if (isAbsent(value)) {
      return null;
    }
    return value instanceof String text ? text : JsonText.of(value);
  }

  /** A whole number from 0; larger ones than fit become the largest. */
  static @Nullable Integer count(@Nullable Object value) {
    if (value instanceof String text) {
      String digits = text.strip();
      return DIGITS.matcher(digits).matches() ? clamp(Double.parseDouble(digits)) : null;
    }
    return value instanceof Number number ? clamp(number.doubleValue()) : null;
  }

  private static @Nullable Integer clamp(double number) {
    return number >= 0 && number == Math.rint(number)
        ? (Integer) (int) Math.min(Integer.MAX_VALUE, number)
        : null;
  }

  static @Nullable Number number(@Nullable Object value) {
    if (value instanceof Double number) {
      return Double.isFinite(number) ? number : null;
    }
    if (value instanceof String text) {
      return JsonTree.parse(text.strip()) instanceof Number number ? number : null;
    }
    return value instanceof Number number ? number : null;
  }

  static @Nullable Boolean flag(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    return switch (String.valueOf(value)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> null;
    };
  }

  /** A list of texts: from a list, from JSON, or split at commas. */
  static @Nullable List<String> list(@Nullable Object value) {
    Object sent = value;
    if (value instanceof String text) {
      Object parsed = text.startsWith("[") ? JsonTree.parse(text) : text;
      sent = parsed instanceof List<?> ? parsed : List.of(text.split(","));
    }
    Set<String> texts = new LinkedHashSet<>();
    for (Object element :
        sent instanceof List<?> list ? list : isAbsent(sent) ? List.of() : List.of(sent)) {
      String text = text(element);
      if (text != null && !text.isBlank()) {
        texts.add(text.strip());
      }
    }
    return texts.isEmpty() ? null : new ArrayList<>(texts);
  }

  /** Takes texts that look like JSON objects or lists for what they say, also when said twice. */
  static @Nullable Object json(@Nullable Object value) {
    Object once = parsed(value);
    return once instanceof String && once != value ? parsed(once) : once;
  }

  private static @Nullable Object parsed(@Nullable Object value) {
    if (value instanceof String text) {
      String start = text.stripLeading();
      boolean looksLikeJson = start.startsWith("{") || start.startsWith("[");
      // a JSON text may hold JSON
      boolean looksQuoted = start.startsWith("\"{") || start.startsWith("\"[");
      return looksLikeJson || looksQuoted ? JsonTree.parse(text) : text;
    }
    return value;
  }

  /** For writers that serialise everything: any JSON is taken for what it says. */
  static @Nullable Object anyJson(@Nullable Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return json(JsonTree.parse(text));
    }
    return value;
  }

  static @Nullable Map<String, Object> map(@Nullable Object value) {
    return json(value) instanceof Map<?, ?> map && !map.isEmpty() ? named(map) : null;
  }

  /** Maps come from JSON or from attributes, whose keys are texts. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> named(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
