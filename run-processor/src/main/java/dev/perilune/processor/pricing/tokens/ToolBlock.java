package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a model may call, written as a TypeScript namespace: what providers are believed
 * to show to the model, and so what is counted. The odd places (a missing description leaves an
 * empty line, {@code undefined} names the items of a list, nothing is indented below the first
 * level) are part of the count that clients know.
 */
final class ToolBlock {
  /** Refuses schemas nested deeper than 500 levels, which bounds the recursion below. */
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ToolBlock() {}

  /** The block for the tools in these params; empty if there are none or one can't be written. */
  static String of(@Nullable String paramsJson) {
    if (paramsJson == null) {
      return "";
    }
    try {
      JsonNode params = MAPPER.readTree(paramsJson);
      JsonNode functions = params.path("functions");
      return namespace(isTruthy(functions) ? functions : params.path("tools"));
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private static String namespace(JsonNode functions) {
    if (!functions.isArray()) {
      return "";
    }
    List<String> types = new ArrayList<>();
    for (JsonNode entry : functions) {
      JsonNode function = isTruthy(entry.path("type")) ? entry.path("function") : entry;
      JsonNode properties = function.path("parameters").path("properties");
      if (isAbsent(properties)) {
        return "";
      }
      types.add(type(function, properties));
    }
    return "namespace functions {\n" + String.join("\n", types) + "\n}";
  }

  private static String type(JsonNode function, JsonNode properties) {
    StringBuilder out = new StringBuilder();
    appendComment(function, out);
    out.append("\ntype ").append(text(function.path("name"))).append(" = (_: {\n");
    appendMembers(properties, out);
    return out.append("}) => any;").toString();
  }

  private static void appendMembers(JsonNode properties, StringBuilder out) {
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      out.append("  ");
      appendParameter(property.getKey(), property.getValue(), out);
      out.append('\n');
    }
  }

  private static void appendParameter(String name, JsonNode schema, StringBuilder out) {
    String type = text(schema.path("type"));
    switch (schema.path("type").isTextual() ? type : "") {
      case "object" -> appendObject(name, schema, out);
      case "array" -> appendArray(name, schema, out);
      default -> {
        out.append(name).append(": ").append(type).append(", ");
        appendComment(schema, out);
      }
    }
  }

  private static void appendObject(String name, JsonNode schema, StringBuilder out) {
    JsonNode properties = schema.path("properties");
    if (isAbsent(properties)) {
      return; // such a parameter is left blank, the rest of the function stays
    }
    appendComment(schema, out);
    out.append('\n').append(name).append(": {\n");
    appendMembers(properties, out);
    out.append("},");
  }

  private static void appendArray(String name, JsonNode schema, StringBuilder out) {
    appendComment(schema, out);
    out.append('\n').append(name).append(": array<");
    JsonNode items = schema.path("items");
    if (!isAbsent(items)) {
      appendParameter(text(items.path("name")), items, out);
    }
    out.append(">,");
  }

  private static void appendComment(JsonNode schema, StringBuilder out) {
    JsonNode description = schema.path("description");
    if (isTruthy(description)) {
      out.append("// ").append(text(description));
    }
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static boolean isTruthy(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> !node.textValue().isEmpty();
      case NUMBER -> node.doubleValue() != 0;
      case BOOLEAN -> node.booleanValue();
      case ARRAY, OBJECT, POJO, BINARY -> true;
      case MISSING, NULL -> false;
    };
  }

  /** A value put into a text, by JavaScript's rules for what schemas hold in practice. */
  private static String text(JsonNode node) {
    if (node.isMissingNode()) {
      return "undefined";
    }
    if (node.isArray()) {
      List<String> elements = new ArrayList<>();
      node.forEach(element -> elements.add(element.isNull() ? "" : text(element)));
      return String.join(",", elements);
    }
    return node.isObject() ? "[object Object]" : node.asText();
  }
}
