package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tools that a model was offered, in the form of OpenAI's chat API. */
final class Tools {
  private static final List<Function<Attributes, @Nullable Object>> SOURCES =
      List.of(
          a -> list(a, "gen_ai.tool.definitions"),
          a -> elements(a, "gen_ai.tool.definitions."),
          Tools::openInference,
          a -> elements(a, "llm.request.functions."),
          a -> list(a, "ai.prompt.tools"),
          a -> list(a, "mlflow.chat.tools"),
          Tools::pydantic,
          a -> a.side(SideMaps.PARAMS).get("tools"),
          a -> a.side(SideMaps.PARAMS).get("functions"));

  private static final List<String> SCHEMAS =
      List.of("parameters", "inputSchema", "input_schema", "parameters_json_schema");

  private Tools() {}

  /** Returns the list, or null when none were offered. */
  static @Nullable List<Object> of(Attributes attributes) {
    for (Function<Attributes, @Nullable Object> source : SOURCES) {
      if (Coerce.json(source.apply(attributes)) instanceof List<?> sent && !sent.isEmpty()) {
        List<Object> tools = new ArrayList<>();
        for (Object tool : sent) {
          tools.add(tool(Coerce.json(tool)));
        }
        return tools;
      }
    }
    return null;
  }

  private static @Nullable Object list(Attributes attributes, String key) {
    Object list = attributes.get(key);
    if (list != null) {
      attributes.use(key);
    }
    return list;
  }

  private static @Nullable Object elements(Attributes attributes, String prefix) {
    return attributes.hasPrefix(prefix) ? DottedTree.elements(attributes.tree(prefix)) : null;
  }

  private static @Nullable Object openInference(Attributes attributes) {
    if (!attributes.hasPrefix("llm.tools.")) {
      return null;
    }
    List<Object> tools = new ArrayList<>();
    for (Map<String, Object> element : DottedTree.elements(attributes.tree("llm.tools."))) {
      Object schema = DottedTree.find(element, "tool.json_schema");
      tools.add(schema != null ? schema : element);
    }
    return tools;
  }

  private static @Nullable Object pydantic(Attributes attributes) {
    Map<String, Object> request = Coerce.map(attributes.get("model_request_parameters"));
    if (request == null) {
      return null;
    }
    List<Object> tools = new ArrayList<>();
    for (String key : List.of("function_tools", "output_tools")) {
      if (request.get(key) instanceof List<?> some) {
        tools.addAll(some);
      }
    }
    return tools;
  }

  private static @Nullable Object tool(@Nullable Object sent) {
    if (!(sent instanceof Map<?, ?> map)) {
      return sent;
    }
    Object type = map.get("type");
    boolean isNested = map.get("function") instanceof Map;
    boolean isFunction = type == null || "function".equals(type);
    if (isNested || !isFunction && !map.containsKey("input_schema")) {
      return map;
    }
    Map<String, Object> function = new LinkedHashMap<>();
    put(function, "name", map.get("name"));
    put(function, "description", map.get("description"));
    for (String schema : SCHEMAS) {
      if (map.get(schema) != null) {
        function.put("parameters", Coerce.json(map.get(schema)));
        break;
      }
    }
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    return tool;
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }
}
