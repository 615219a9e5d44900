package dev.perilune.query.projects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.model.pii.PiiType;
import dev.perilune.query.resource.ResourceBody;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules. A rule that could not be understood would hide everything that its project sends, so
 * only conditions that can be asked of an event that has just arrived are taken.
 */
final class RuleBody {
  private static final int DEEPEST = 20;
  private static final int LONGEST = 100_000;
  private static final String FILTERS = "filters";

  /** Conditions by id, and whether each of their parameters is a list. */
  private static final Map<String, Map<String, Boolean>> LEAVES =
      Map.of(
          "models", Map.of("models", true),
          "tags", Map.of("tags", true),
          "users", Map.of("users", true),
          "tools", Map.of("toolName", false),
          "retrievers", Map.of("retrieverName", false),
          "metadata", Map.of("key", false, "value", false));

  private RuleBody() {}

  /** The conditions of a filtering rule as JSON text; what is wrong is noted in the body. */
  static @Nullable String filtering(ResourceBody body) {
    JsonNode filters = body.get(FILTERS);
    if (filters.isMissingNode()) {
      body.wrong(FILTERS, "Required");
      return null;
    }
    if (!filters.isArray()) {
      body.wrong(FILTERS, "Expected array");
      return null;
    }
    group(body, FILTERS, filters, 0);
    String text = ResourceBody.text(filters);
    if (text.length() > LONGEST) {
      body.wrong(FILTERS, "JSON must be at most %d characters long".formatted(LONGEST));
    }
    if (text.contains("\\u0000")) {
      body.wrong(FILTERS, "Text must not contain the character U+0000");
    }
    return text;
  }

  /**
   * The settings of a masking rule. Without a mode it is a matter of display alone; {@code
   * ingestion} replaces personal data before events are stored, of the named types or of all.
   */
  static @Nullable String masking(ResourceBody body) {
    if (!body.get(FILTERS).isMissingNode()) {
      body.wrong(FILTERS, "Masking rules have no filters");
    }
    JsonNode mode = body.get("mode");
    if (mode.isMissingNode() || mode.isNull()) {
      return null;
    }
    if (!mode.asText().equals("ingestion")) {
      body.wrong("mode", "Expected 'ingestion' or nothing");
    }
    ObjectNode rule = JsonNodeFactory.instance.objectNode().put("mode", "ingestion");
    JsonNode types = body.get("types");
    if (types.isArray()) {
      for (int i = 0; i < types.size(); i++) {
        if (PiiType.of(types.get(i).asText()).isEmpty()) {
          body.wrong("types[" + i + "]", "Unknown type of personal data");
        }
      }
      rule.set("types", types);
    } else if (!types.isMissingNode() && !types.isNull()) {
      body.wrong("types", "Expected array");
    }
    return rule.toString();
  }

  private static void group(ResourceBody body, String path, JsonNode group, int depth) {
    if (depth > DEEPEST) {
      body.wrong(path, "Conditions nest deeper than %d levels".formatted(DEEPEST));
      return;
    }
    for (int i = 0; i < group.size(); i++) {
      JsonNode element = group.get(i);
      String place = path + "[" + i + "]";
      if (element.isArray()) {
        group(body, place, element, depth + 1);
      } else if (element.isObject()) {
        leaf(body, place, element);
      } else if (i > 0 || !element.asText().matches("(?i)and|or")) {
        body.wrong(place, "Expected 'AND', 'OR', a condition or a list of conditions");
      }
    }
  }

  private static void leaf(ResourceBody body, String path, JsonNode leaf) {
    Map<String, Boolean> parameters = LEAVES.get(leaf.path("id").asText());
    if (parameters == null) {
      body.wrong(
          path + ".id",
          "A rule can ask for metadata, users, tags, tools, retrievers and models only");
      return;
    }
    if (leaf.size() > 2) {
      body.wrong(path, "A condition has an id and params and nothing else");
    }
    JsonNode params = leaf.path("params");
    if (!params.isObject() && !params.isMissingNode()) {
      body.wrong(path + ".params", "Expected object");
      return;
    }
    params
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!parameters.containsKey(name)) {
                body.wrong(path + ".params." + name, "No such parameter");
              }
            });
    parameters.forEach(
        (name, isList) -> {
          JsonNode value = params.path(name);
          String place = path + ".params." + name;
          if (isList && value.isArray()) {
            value.forEach(one -> scalar(body, place, one));
          } else if (value.isContainerNode()) {
            body.wrong(place, isList ? "Expected array of strings" : "Expected string");
          } else if (!value.isMissingNode() && !value.isNull()) {
            scalar(body, place, value);
          }
        });
  }

  private static void scalar(ResourceBody body, String place, JsonNode value) {
    boolean storable =
        value.isTextual()
            ? value.textValue().indexOf('\0') < 0
            : value.isBoolean() || value.isNumber() && Math.abs(value.decimalValue().scale()) < 30;
    if (!storable) {
      body.wrong(place, "Expected string");
    }
  }
}
