package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes such as {@code gen_ai.prompt.0.role} as the lists and maps that they spell. */
final class DottedTree {
  private static final String SELF = "";

  private DottedTree() {}

  static Map<String, Object> of(Attributes attributes, String prefix) {
    Map<String, Object> root = new LinkedHashMap<>();
    attributes.each(prefix, (key, value) -> put(root, key.substring(prefix.length()), value));
    return root;
  }

  private static void put(Map<String, Object> root, String path, Object value) {
    Map<String, Object> node = root;
    String[] steps = path.split("\\.", 16);
    for (int i = 0; i < steps.length - 1; i++) {
      Object next = node.get(steps[i]);
      if (!(next instanceof Map<?, ?>)) {
        Map<String, Object> made = new LinkedHashMap<>();
        if (next != null) {
          made.put(SELF, next);
        }
        node.put(steps[i], made);
        next = made;
      }
      node = Coerce.named((Map<?, ?>) next);
    }
    node.put(steps[steps.length - 1], value);
  }

  /** The values under numbers, in their order; gaps don't matter. */
  static List<Map<String, Object>> elements(@Nullable Object node) {
    List<Map<String, Object>> elements = new ArrayList<>();
    if (node instanceof Map<?, ?> map) {
      map.entrySet().stream()
          .filter(entry -> isIndex(entry.getKey()) && entry.getValue() instanceof Map<?, ?>)
          .sorted(Comparator.comparingLong(entry -> Long.parseLong((String) entry.getKey())))
          .forEach(entry -> elements.add(Coerce.named((Map<?, ?>) entry.getValue())));
    }
    return elements;
  }

  private static boolean isIndex(Object key) {
    String text = (String) key;
    return !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The value at the end of a dotted path, or null; a whole name goes before its steps. */
  static @Nullable Object find(@Nullable Object node, String path) {
    if (!(node instanceof Map<?, ?> map)) {
      return null;
    }
    Object whole = map.get(path);
    int dot = path.indexOf('.');
    if (whole != null || dot < 0) {
      return whole;
    }
    return find(map.get(path.substring(0, dot)), path.substring(dot + 1));
  }
}
