package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.map.Keys.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps that single attributes hold as JSON: parameters, usage, and what a provider adds; each empty
 * if there is none.
 */
record SideMaps(
    Map<String, Object> params, Map<String, Object> usage, Map<String, Object> provider) {
  static final char PARAMS = 'P';
  static final char USAGE = 'U';
  static final char PROVIDER = 'M';

  private static final Set<String> CONTENTS =
      Set.of("messages", "input", "prompt", "system", "instructions", "contents");

  /** Names under which Langfuse counts, and the ones that everybody else uses. */
  private static final Map<String, String> USAGE_NAMES =
      Map.of(
          "input", "input_tokens",
          "output", "output_tokens",
          "total", "total_tokens",
          "input_cached_tokens", "cache_read_input_tokens",
          "input_cache_read", "cache_read_input_tokens",
          "output_reasoning_tokens", "completion_tokens_details.reasoning_tokens");

  static SideMaps of(Attributes attributes) {
    return new SideMaps(
        orEmpty(params(attributes)),
        orEmpty(usage(attributes)),
        orEmpty(Coerce.map(attributes.get("ai.response.providerMetadata"))));
  }

  private static Map<String, Object> orEmpty(@Nullable Map<String, Object> map) {
    return map == null ? Map.of() : map;
  }

  /** The map that a letter of {@link Keys} stands for. */
  Map<String, Object> at(char place) {
    return switch (place) {
      case PARAMS -> params;
      case USAGE -> usage;
      case PROVIDER -> provider;
      default -> throw new IllegalArgumentException("No such place: " + place);
    };
  }

  private static @Nullable Map<String, Object> params(Attributes attributes) {
    for (Key key : GenAiKeys.PARAM_MAPS.all()) {
      Map<String, Object> map = Coerce.map(attributes.get(key));
      if (map != null) {
        attributes.use(key.whole());
        Map<String, Object> params = new LinkedHashMap<>(map);
        params.keySet().removeAll(CONTENTS);
        return params;
      }
    }
    return null;
  }

  private static @Nullable Map<String, Object> usage(Attributes attributes) {
    Map<String, Object> counts =
        Stream.of("mlflow.chat.tokenUsage", "langfuse.observation.usage_details")
            .map(key -> Coerce.map(attributes.get(key)))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseGet(() -> usageOfOutput(attributes));
    if (counts == null) {
      return null;
    }
    Map<String, Object> named = new LinkedHashMap<>(counts);
    USAGE_NAMES.forEach(
        (name, usual) -> {
          if (counts.containsKey(name)) {
            named.putIfAbsent(usual, counts.get(name));
          }
        });
    return named;
  }

  private static @Nullable Map<String, Object> usageOfOutput(Attributes attributes) {
    for (Key key : GenAiKeys.RAW_OUTPUTS.all()) {
      Map<String, Object> output = Coerce.map(attributes.get(key));
      Map<String, Object> usage = output == null ? null : Coerce.map(output.get("usage"));
      if (usage != null) {
        return usage;
      }
    }
    return null;
  }
}
