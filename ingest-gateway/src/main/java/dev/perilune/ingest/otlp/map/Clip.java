package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shortens texts that are too long to keep, and remembers that it did. */
final class Clip {
  static final int LONGEST_CONTENT = 4 << 20;
  static final int LONGEST_NOTE = 100_000;

  private boolean cut;

  boolean hasCut() {
    return cut;
  }

  /** The same value unless a text in it is longer, in characters. */
  @Nullable Object value(@Nullable Object value, int longest) {
    if (value instanceof String text) {
      return text.length() <= longest ? text : cut(text, longest);
    }
    if (value instanceof List<?> list && hasLong(list, longest)) {
      List<Object> clipped = new ArrayList<>(list.size());
      list.forEach(element -> clipped.add(value(element, longest)));
      return clipped;
    }
    if (value instanceof Map<?, ?> map && hasLong(map, longest)) {
      Map<Object, Object> clipped = new LinkedHashMap<>();
      map.forEach((key, element) -> clipped.put(key, value(element, longest)));
      return clipped;
    }
    return value;
  }

  private String cut(String text, int longest) {
    cut = true;
    int kept = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, kept) + "… [truncated " + (text.length() - kept) + " chars]";
  }

  private static boolean hasLong(@Nullable Object value, int longest) {
    if (value instanceof String text) {
      return text.length() > longest;
    }
    if (value instanceof Map<?, ?> map) {
      return anyLong(map.values(), longest);
    }
    return value instanceof List<?> list && anyLong(list, longest);
  }

  private static boolean anyLong(Collection<?> values, int longest) {
    for (Object value : values) {
      if (hasLong(value, longest)) {
        return true;
      }
    }
    return false;
  }
}
