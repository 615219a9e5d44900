package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A span's attributes, and which of them a rule has used: what none did is kept as metadata. For
 * one thread.
 */
final class Attributes {
  private static final String MLFLOW = "mlflow.";

  private final SpanData span;
  private final Map<String, Object> own;
  private final Set<String> used = new HashSet<>();
  private @Nullable NavigableMap<String, Object> sorted;
  private @Nullable Map<String, Map<String, Object>> sides;

  Attributes(SpanData span) {
    this.span = span;
    this.own = plain(span.attributes());
  }

  /** MLflow writes every value of its spans as JSON, also those that others would not. */
  private static Map<String, Object> plain(Map<String, Object> sent) {
    boolean isMlflow =
        sent.containsKey(GenAiKeys.MLFLOW_TYPE) || sent.containsKey("mlflow.traceRequestId");
    Map<String, Object> plain = new LinkedHashMap<>(sent.size() * 2);
    sent.forEach(
        (key, value) -> {
          Object read = isMlflow || key.startsWith(MLFLOW) ? Coerce.anyJson(value) : value;
          plain.put(key, isEmptyMarker(key, read) ? null : read);
        });
    return plain;
  }

  /** What Google's kit writes instead of a content that it was told to keep back. */
  private static boolean isEmptyMarker(String key, @Nullable Object value) {
    return key.startsWith("gcp.vertex.agent.") && "{}".equals(value);
  }

  /** The value, or null for one that counts as not sent. */
  @Nullable Object get(String key) {
    Object value = key.length() > 2 && key.charAt(1) == ':' ? aside(key) : own.get(key);
    return Coerce.isAbsent(value) ? null : value;
  }

  boolean has(String key) {
    return get(key) != null;
  }

  boolean hasAny(Keys keys) {
    return keys.names().stream().anyMatch(this::has);
  }

  boolean hasPrefix(String prefix) {
    String next = sorted().ceilingKey(prefix);
    return next != null && next.startsWith(prefix);
  }

  /**
   * The first of the keys whose value fits. It counts as used, and so do further ones that say the
   * same.
   *
   * @param coercion returns null for what does not fit
   */
  <T> @Nullable T first(Keys keys, Function<@Nullable Object, @Nullable T> coercion) {
    T first = null;
    for (String key : keys.names()) {
      Object value = get(key);
      T fitting = value == null ? null : coercion.apply(value);
      if (fitting != null && (first == null || first.equals(fitting))) {
        first = fitting;
        used.add(key);
      }
    }
    return first;
  }

  @Nullable String text(Keys keys) {
    return first(keys, Coerce::text);
  }

  /** Visits what begins with the prefix, in the order of the keys. */
  void each(String prefix, BiConsumer<String, Object> visitor) {
    for (Map.Entry<String, Object> entry : sorted().tailMap(prefix).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        return;
      }
      if (!Coerce.isAbsent(entry.getValue())) {
        visitor.accept(entry.getKey(), entry.getValue());
      }
    }
  }

  /** What begins with the prefix, as a tree of maps along the dots; numbers are keys too. */
  Map<String, Object> tree(String prefix) {
    return DottedTree.of(this, prefix);
  }

  void use(String key) {
    used.add(key);
  }

  boolean isUsed(String key) {
    return used.contains(key);
  }

  Map<String, Object> own() {
    return own;
  }

  /** Map of parameters, usage or provider metadata; empty if there is none. */
  Map<String, Object> side(String letter) {
    if (sides == null) {
      sides = SideMaps.of(this);
    }
    return sides.getOrDefault(letter, Map.of());
  }

  private @Nullable Object aside(String key) {
    String name = key.substring(2);
    if (key.charAt(0) == 'R') {
      Object value = span.source().resource().get(name);
      return value != null ? value : span.source().scope().get(name);
    }
    return DottedTree.find(side(key.substring(0, 1)), name);
  }

  private NavigableMap<String, Object> sorted() {
    if (sorted == null) {
      sorted = new TreeMap<>(own);
    }
    return sorted;
  }
}
