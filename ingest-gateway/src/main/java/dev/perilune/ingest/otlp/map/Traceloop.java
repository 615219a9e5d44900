package dev.perilune.ingest.otlp.map;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What OpenLLMetry keeps of calls of functions. */
final class Traceloop {
  private Traceloop() {}

  /** The value, or the field of it that holds what was meant. */
  static @Nullable Object entity(@Nullable Object value, String field) {
    return value instanceof Map<?, ?> map && map.get(field) != null ? map.get(field) : value;
  }

  static @Nullable Object toolInput(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (map.get("inputs") != null) {
      return map.get("inputs");
    }
    if (map.get("input_str") != null) {
      return Coerce.json(map.get("input_str"));
    }
    boolean onlyNamed =
        map.get("args") instanceof List<?> args
            && args.isEmpty()
            && map.get("kwargs") instanceof Map<?, ?>;
    return onlyNamed ? map.get("kwargs") : value;
  }
}
