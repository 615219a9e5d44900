package dev.perilune.query.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.runtime.http.Problem;
import java.util.ArrayList;
import java.util.List;

/** The form of filters in JSON: {@code ["AND", {"id": …, "params": {…}}, ["OR", …]]}. */
final class JsonFilters {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DEEPEST = 20;
  private static final int MOST = 500;

  private int count;

  private JsonFilters() {}

  static FilterQuery parse(String field, String json) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JsonProcessingException notJson) {
      throw new Problem.Invalid(field, "Expected filter logic as JSON");
    }
    return tree.isNull() ? FilterQuery.NONE : new JsonFilters().group(field, tree, 1);
  }

  private FilterQuery group(String path, JsonNode logic, int depth) {
    if (!logic.isArray()) {
      throw new Problem.Invalid(path, "Expected a list that begins with \"AND\" or \"OR\"");
    }
    if (depth > DEEPEST) {
      throw new Problem.Invalid(path, "Expected at most " + DEEPEST + " levels of groups");
    }
    if (logic.isEmpty()) {
      return FilterQuery.NONE;
    }
    List<Filter> filters = new ArrayList<>();
    for (int i = 1; i < logic.size(); i++) {
      element(path + "[" + i + "]", logic.get(i), depth, filters);
    }
    return new FilterQuery(isAny(path, logic.get(0)), filters);
  }

  private static boolean isAny(String path, JsonNode word) {
    return switch (word.asText()) {
      case "AND" -> false;
      case "OR" -> true;
      default -> throw new Problem.Invalid(path + "[0]", "Expected \"AND\" or \"OR\"");
    };
  }

  private void element(String path, JsonNode element, int depth, List<Filter> filters) {
    if (++count > MOST) {
      throw new Problem.Invalid(path, "Expected at most " + MOST + " filters");
    }
    if (element.isArray()) {
      filters.add(group(path, element, depth + 1));
    } else if (element.path("id").isTextual()) {
      FilterId.named(element.path("id").asText())
          .map(id -> values(path, id, element.path("params")))
          .flatMap(Conditions::of)
          .ifPresent(filters::add);
    } else {
      throw new Problem.Invalid(
          path, "Expected a list, or an object with a filter's \"id\" and its \"params\"");
    }
  }

  private static FilterValues values(String path, FilterId id, JsonNode params) {
    List<List<String>> values = new ArrayList<>();
    for (FilterParameter parameter : id.parameters()) {
      values.add(texts(params.path(parameter.name()), parameter));
    }
    return new FilterValues(id, path, values);
  }

  private static List<String> texts(JsonNode value, FilterParameter parameter) {
    List<String> texts = new ArrayList<>();
    if (value.isArray() && parameter.kind().isMulti()) {
      value.forEach(one -> text(one, texts));
    } else {
      text(value, texts);
    }
    return texts;
  }

  private static void text(JsonNode value, List<String> texts) {
    // a stored kind of feedback may be an object where the query form has its text
    String text = value.isContainerNode() ? value.toString() : value.asText("");
    if (!text.isEmpty() && !value.isNull()) {
      texts.add(text.replace("\0", ""));
    }
  }
}
