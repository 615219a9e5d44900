package dev.perilune.query.runs.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Messages in the form that OpenAI's fine-tuning wants: keys in snake case, no empty parts. */
final class TrainingMessages {

  private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");
  private static final List<String> CONTENTS =
      List.of("content", "tool_calls", "function_call", "toolCalls", "functionCall");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private TrainingMessages() {}

  /** The line without its end, or null if one of the sides is not made of messages. */
  static @Nullable String line(@Nullable String input, @Nullable String output) {
    if (input == null || output == null) {
      return null;
    }
    ArrayNode messages = MAPPER.createArrayNode();
    if (!add(input, messages) || !add(output, messages)) {
      return null;
    }
    return MAPPER.createObjectNode().set("messages", messages).toString();
  }

  private static boolean add(String side, ArrayNode messages) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(side);
    } catch (JsonProcessingException tooDeep) {
      return false;
    }
    List<JsonNode> said = tree.isArray() ? tree.valueStream().toList() : List.of(tree);
    if (said.isEmpty() || !said.stream().allMatch(TrainingMessages::isMessage)) {
      return false;
    }
    said.forEach(message -> messages.add(shown((ObjectNode) message)));
    return true;
  }

  private static boolean isMessage(JsonNode node) {
    return node.isObject() && node.has("role") && CONTENTS.stream().anyMatch(node::has);
  }

  private static JsonNode shown(ObjectNode message) {
    ObjectNode shown = (ObjectNode) inSnakeCase(message);
    if (shown.path("tool_calls").isEmpty()) {
      shown.remove("tool_calls");
    }
    if (shown.path("content").isNull()) {
      shown.put("content", "");
    }
    return shown;
  }

  private static JsonNode inSnakeCase(JsonNode node) {
    if (node.isArray()) {
      ArrayNode list = MAPPER.createArrayNode();
      node.forEach(element -> list.add(inSnakeCase(element)));
      return list;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      object.set(inSnakeCase(field.getKey()), inSnakeCase(field.getValue()));
    }
    return object;
  }

  private static String inSnakeCase(String name) {
    return UPPER_CASE
        .matcher(name)
        .replaceAll(upper -> "_" + upper.group().toLowerCase(Locale.ROOT));
  }
}
