package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shortens texts that are too long to keep, and remembers that it did. */
final class Clip {
  /** Bytes of UTF-8 that a text of a content may have. */
  private static final int LONGEST_CONTENT = 4 << 20;

  /** Characters that a text of the metadata may have. */
  private static final int LONGEST_NOTE = 100_000;

  private enum Limit {
    BYTES(LONGEST_CONTENT),
    CHARACTERS(LONGEST_NOTE);

    private final int most;

    Limit(int most) {
      this.most = most;
    }

    private int size(int character) {
      if (this == CHARACTERS || character < 0x80) {
        return 1;
      }
      return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    /** Where to cut, the whole length if nowhere. */
    int end(String text) {
      // three bytes are the most that one unit of a text can become
      if (text.length() <= most / (this == BYTES ? 3 : 1)) {
        return text.length();
      }
      int size = 0;
      int at = 0;
      while (at < text.length()) {
        int character = text.codePointAt(at);
        size += size(character);
        if (size > most) {
          break;
        }
        at += Character.charCount(character);
      }
      return at;
    }
  }

  private boolean cut;

  /** Notes in a run's metadata that something was cut, if so. */
  void tell(Map<String, Object> metadata) {
    if (cut) {
      metadata.put("otelTruncated", true);
    }
  }

  /** The same value unless a text in it has more than 4 MiB. */
  @Nullable Object content(@Nullable Object value) {
    return value(value, Limit.BYTES);
  }

  /** The same map unless a text in it has more than 4 MiB. */
  Map<String, Object> contents(Map<String, Object> map) {
    return value(map, Limit.BYTES) instanceof Map<?, ?> clipped ? Coerce.named(clipped) : map;
  }

  /** The same value unless a text in it has more than 100,000 characters. */
  @Nullable Object note(@Nullable Object value) {
    return value(value, Limit.CHARACTERS);
  }

  private @Nullable Object value(@Nullable Object value, Limit limit) {
    if (value instanceof String text) {
      return cut(text, limit.end(text));
    }
    if (value instanceof List<?> list && hasLong(list, limit)) {
      List<Object> clipped = new ArrayList<>(list.size());
      list.forEach(element -> clipped.add(value(element, limit)));
      return clipped;
    }
    if (value instanceof Map<?, ?> map && hasLong(map, limit)) {
      Map<Object, Object> clipped = new LinkedHashMap<>();
      map.forEach((key, element) -> clipped.put(key, value(element, limit)));
      return clipped;
    }
    return value;
  }

  private String cut(String text, int end) {
    if (end == text.length()) {
      return text;
    }
    cut = true;
    int rest = text.codePointCount(end, text.length());
    return text.substring(0, end) + "… [truncated " + rest + " chars]";
  }

  private static boolean hasLong(@Nullable Object value, Limit limit) {
    if (value instanceof String text) {
      return limit.end(text) < text.length();
    }
    if (value instanceof Map<?, ?> map) {
      return anyLong(map.values(), limit);
    }
    return value instanceof List<?> list && anyLong(list, limit);
  }

  private static boolean anyLong(Collection<?> values, Limit limit) {
    for (Object value : values) {
      if (hasLong(value, limit)) {
        return true;
      }
    }
    return false;
  }
}
