package dev.perilune.query.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.query.resource.Column.Trait;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.http.Problem.Invalid.Issue;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads bodies by the columns that they set, and names every field that is wrong at once. */
public final class ResourceBody {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final ObjectNode json;
  private final String path;
  private final List<Issue> issues;

  private ResourceBody(ObjectNode json, String path, List<Issue> issues) {
    this.json = json;
    this.path = path;
    this.issues = issues;
  }

  /**
   * The body of a request; none at all is an empty object.
   *
   * @throws Problem.BadRequest if it is not JSON
   * @throws Problem.Invalid if it is no object
   */
  public static ResourceBody of(RoutingContext ctx) {
    Buffer bytes = ctx.body().buffer();
    if (bytes == null || bytes.length() == 0) {
      return new ResourceBody(MAPPER.createObjectNode(), "", new ArrayList<>());
    }
    try {
      JsonNode body = MAPPER.readTree(bytes.getBytes());
      if (body instanceof ObjectNode object) {
        return new ResourceBody(object, "", new ArrayList<>());
      }
      throw new Problem.Invalid("body", "Expected object, received " + Value.typeOf(body));
    } catch (IOException notJson) {
      throw new Problem.BadRequest("The body is not JSON");
    }
  }

  /** The objects of an array in this body, null where it is missing or null. */
  public @Nullable List<ResourceBody> parts(String field, int most) {
    JsonNode array = json.get(field);
    if (array == null || array.isNull()) {
      return null;
    }
    if (!array.isArray()) {
      wrong(field, "Expected array, received " + Value.typeOf(array));
      return List.of();
    }
    if (array.size() > most) {
      wrong(field, "Array must contain at most " + most + " element(s)");
      return List.of();
    }
    List<ResourceBody> parts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String place = path + field + "[" + i + "]";
      if (array.get(i) instanceof ObjectNode part) {
        parts.add(new ResourceBody(part, place + ".", issues));
      } else {
        issues.add(new Issue(place, "Expected object, received " + Value.typeOf(array.get(i))));
      }
    }
    return parts;
  }

  /** Notes that a field is wrong, and what would be right. */
  public void wrong(String field, String text) {
    issues.add(new Issue(path + field, text));
  }

  /** Refuses the request if anything was wrong; call it once all is read. */
  public ResourceBody checked() {
    if (!issues.isEmpty()) {
      throw new Problem.Invalid(issues);
    }
    return this;
  }

  /** A field as it came; missing ones are a missing node. */
  public JsonNode get(String field) {
    JsonNode value = json.get(field);
    return value == null ? MissingNode.getInstance() : value;
  }

  /** Values of a new row by column, in Postgres' text form, with the fallbacks. */
  public Map<String, @Nullable String> created(List<Column> columns) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (Column column : columns) {
      JsonNode node = get(column.field());
      if (node.isMissingNode() && column.is(Trait.REQUIRED)) {
        wrong(column.field(), "Required");
      } else {
        String value = node.isMissingNode() ? null : read(column, node);
        values.put(column.name(), value == null ? column.fallback() : value);
      }
    }
    return values;
  }

  /** The columns that the body sets. */
  public Map<String, @Nullable String> changed(List<Column> columns) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (Column column : columns) {
      JsonNode node = get(column.field());
      if (!node.isMissingNode() && !column.is(Trait.FIXED)) {
        String value = read(column, node);
        values.put(column.name(), value == null ? column.fallback() : value);
      }
    }
    return values;
  }

  /** JSON as it is sent and stored. */
  public static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("A JSON tree could not be written", impossible);
    }
  }

  private @Nullable String read(Column column, JsonNode node) {
    try {
      return Value.read(column, node);
    } catch (Value.Wrong wrong) {
      wrong(column.field(), wrong.getMessage());
      return null;
    }
  }
}
