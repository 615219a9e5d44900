package dev.perilune.ingest.otlp.map;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Maps that single attributes hold as JSON: parameters, usage, and what a provider adds. */
final class SideMaps {
  static final String PARAMS = "P";
  static final String USAGE = "U";
  static final String PROVIDER = "M";

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

  private SideMaps() {}

  static Map<String, Map<String, Object>> of(Attributes attributes) {
    Map<String, Map<String, Object>> sides = new HashMap<>();
    put(sides, PARAMS, params(attributes));
    put(sides, USAGE, usage(attributes));
    put(sides, PROVIDER, Coerce.map(attributes.get("ai.response.providerMetadata")));
    return sides;
  }

  private static void put(
      Map<String, Map<String, Object>> sides, String letter, @Nullable Map<String, Object> map) {
    if (map != null) {
      sides.put(letter, map);
    }
  }

  private static @Nullable Map<String, Object> params(Attributes attributes) {
    for (String key : GenAiKeys.PARAM_MAPS.names()) {
      Map<String, Object> map = Coerce.map(attributes.get(key));
      if (map != null) {
        attributes.use(key);
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
    for (String key : GenAiKeys.RAW_OUTPUTS.names()) {
      Map<String, Object> output = Coerce.map(attributes.get(key));
      Map<String, Object> usage = output == null ? null : Coerce.map(output.get("usage"));
      if (usage != null) {
        return usage;
      }
    }
    return null;
  }
}
