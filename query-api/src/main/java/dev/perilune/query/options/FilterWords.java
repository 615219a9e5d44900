package dev.perilune.query.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A filter in somebody's own words: {@code {"text": "errors of today", "type": "llm"}}.
 *
 * @param formErrors what is wrong with the body as a whole
 * @param fieldErrors what is wrong with its fields, by name
 */
record FilterWords(JsonArray formErrors, JsonObject fieldErrors) {

  static final JsonObject NOT_CONFIGURED =
      new JsonObject()
          .put("error", "AI filter failed")
          .put("message", "No language model is configured that could turn words into filters");

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> TYPES = List.of("llm", "trace", "thread", "tool", "retriever");

  /**
   * Reads and checks a body.
   *
   * @throws Problem.BadRequest if it is no JSON
   */
  static FilterWords parse(@Nullable String body) {
    JsonNode tree = tree(body == null ? "" : body);
    JsonArray form = new JsonArray();
    JsonObject fields = new JsonObject();
    if (!tree.isObject()) {
      form.add(tree.isMissingNode() ? "Required" : "Expected object, received " + kind(tree));
    } else {
      note(fields, "text", text(tree.path("text")));
      note(fields, "type", type(tree.path("type")));
    }
    return new FilterWords(form, fields);
  }

  boolean isValid() {
    return formErrors.isEmpty() && fieldErrors.isEmpty();
  }

  JsonObject errors() {
    return new JsonObject()
        .put(
            "error",
            new JsonObject().put("formErrors", formErrors).put("fieldErrors", fieldErrors));
  }

  private static @Nullable String text(JsonNode text) {
    if (text.isMissingNode()) {
      return "Required";
    }
    if (!text.isTextual()) {
      return "Expected string, received " + kind(text);
    }
    return text.asText().isEmpty() ? "String must contain at least 1 character(s)" : null;
  }

  private static @Nullable String type(JsonNode type) {
    if (type.isMissingNode() || TYPES.contains(type.asText())) {
      return null;
    }
    String expected = "'" + String.join("' | '", TYPES) + "'";
    return type.isTextual()
        ? "Invalid enum value. Expected " + expected + ", received '" + shortened(type) + "'"
        : "Expected " + expected + ", received " + kind(type);
  }

  private static String shortened(JsonNode text) {
    String all = text.asText();
    return all.length() <= 40 ? all : all.substring(0, 40) + "…";
  }

  private static void note(JsonObject fields, String name, @Nullable String error) {
    if (error != null) {
      fields.put(name, new JsonArray().add(error));
    }
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode tree(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException notJson) {
      throw new Problem.BadRequest("The body is not JSON");
    }
  }
}
