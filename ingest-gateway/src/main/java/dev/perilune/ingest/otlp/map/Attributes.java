package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.map.Keys.Key;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A span's attributes, and which of them a rule has used: what none did is kept as metadata. For
 * one thread.
 */
final class Attributes {
  private static final String MLFLOW = "mlflow.";
  private static final String GOOGLE = "gcp.vertex.agent.";

  private final SpanData span;
  private final Map<String, Object> own;
  private final long bits;
  private final Set<String> used = new HashSet<>();
  private String @Nullable [] sorted;
  private @Nullable SideMaps sides;

  Attributes(SpanData span) {
    this.span = span;
    this.own = plain(span.attributes());
    long all = 0;
    for (String key : own.keySet()) {
      all |= Keys.bit(key);
    }
    this.bits = all;
  }

  /** MLflow writes every value of its spans as JSON, also those that others would not. */
  private static Map<String, Object> plain(Map<String, Object> sent) {
    boolean isMlflow =
        sent.containsKey(GenAiKeys.MLFLOW_TYPE) || sent.containsKey("mlflow.traceRequestId");
    if (!isMlflow && !hasWrapped(sent)) {
      return sent;
    }
    Map<String, Object> plain = new LinkedHashMap<>(sent.size() * 2);
    sent.forEach(
        (key, value) -> {
          Object read = isMlflow || key.startsWith(MLFLOW) ? Coerce.anyJson(value) : value;
          plain.put(key, isEmptyMarker(key, read) ? null : read);
        });
    return plain;
  }

  private static boolean hasWrapped(Map<String, Object> sent) {
    for (String key : sent.keySet()) {
      if (key.startsWith(MLFLOW) || key.startsWith(GOOGLE)) {
        return true;
      }
    }
    return false;
  }

  /** What Google's kit writes instead of a content that it was told to keep back. */
  private static boolean isEmptyMarker(String key, @Nullable Object value) {
    return key.startsWith(GOOGLE) && "{}".equals(value);
  }

  /** The value, or null for one that counts as not sent. */
  @Nullable Object get(String key) {
    Object value = own.get(key);
    return Coerce.isAbsent(value) ? null : value;
  }

  /** As above, for a key that may look elsewhere. Most keys are of conventions not used here. */
  @Nullable Object get(Key key) {
    if (key.isOwn()) {
      return (bits & key.bit()) == 0 ? null : get(key.whole());
    }
    Object value = aside(key);
    return Coerce.isAbsent(value) ? null : value;
  }

  boolean has(String key) {
    return get(key) != null;
  }

  boolean hasAny(Keys keys) {
    for (Key key : keys.all()) {
      if (get(key) != null) {
        return true;
      }
    }
    return false;
  }

  boolean hasPrefix(String prefix) {
    String[] names = sorted();
    int at = from(names, prefix);
    return at < names.length && names[at].startsWith(prefix);
  }

  /**
   * The first of the keys whose value fits. It counts as used, and so do further ones that say the
   * same.
   *
   * @param coercion returns null for what does not fit
   */
  <T> @Nullable T first(Keys keys, Function<@Nullable Object, @Nullable T> coercion) {
    T first = null;
    for (Key key : keys.all()) {
      Object value = get(key);
      T fitting = value == null ? null : coercion.apply(value);
      if (fitting != null && (first == null || first.equals(fitting))) {
        first = fitting;
        used.add(key.whole());
      }
    }
    return first;
  }

  @Nullable String text(Keys keys) {
    return first(keys, Coerce::text);
  }

  /** Visits what begins with the prefix, in the order of the keys. */
  void each(String prefix, BiConsumer<String, Object> visitor) {
    String[] names = sorted();
    for (int i = from(names, prefix); i < names.length && names[i].startsWith(prefix); i++) {
      Object value = get(names[i]);
      if (value != null) {
        visitor.accept(names[i], value);
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
  Map<String, Object> side(char place) {
    if (sides == null) {
      sides = SideMaps.of(this);
    }
    return sides.at(place);
  }

  private @Nullable Object aside(Key key) {
    if (key.place() == 'R') {
      Object value = span.source().resource().get(key.name());
      return value != null ? value : span.source().scope().get(key.name());
    }
    Map<String, Object> side = side(key.place());
    return side.isEmpty() ? null : DottedTree.find(side, key.name());
  }

  private static int from(String[] names, String prefix) {
    int at = Arrays.binarySearch(names, prefix);
    return at >= 0 ? at : -at - 1;
  }

  private String[] sorted() {
    if (sorted == null) {
      sorted = own.keySet().toArray(String[]::new);
      Arrays.sort(sorted);
    }
    return sorted;
  }
}
