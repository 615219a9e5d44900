package dev.perilune.query.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.runtime.edit.RunEdit;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.http.Problem.Invalid.Issue;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies that change a run. Every wrong field is named at once; fields that nobody knows
 * are passed over.
 */
final class RunEditBody {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Set<String> THUMBS = Set.of("up", "down");
  private static final int LONGEST_LABEL = 255;

  private final ObjectNode json;
  private final List<Issue> issues = new ArrayList<>();

  private RunEditBody(@Nullable Buffer body) {
    json = object(body);
  }

  static RunEdit feedback(@Nullable Buffer body) {
    RunEditBody fields = new RunEditBody(body);
    Map<String, String> words = new LinkedHashMap<>();
    JsonNode thumb = fields.json.get("thumb");
    if (thumb != null) {
      fields.thumb(thumb);
      words.put("thumb", thumb.toString());
    }
    JsonNode comment = fields.json.get("comment");
    if (comment != null) {
      fields.textOrNull("comment", comment);
      words.put("comment", comment.toString());
    }
    fields.check();
    return new RunEdit.Feedback(words);
  }

  static RunEdit score(@Nullable Buffer body) {
    RunEditBody fields = new RunEditBody(body);
    JsonNode label = fields.required("label");
    if (label != null && fields.text("label", label)) {
      fields.length("label", label.textValue());
    }
    JsonNode value = fields.required("value");
    if (value != null) {
      fields.scoreValue(value);
    }
    JsonNode comment = fields.json.get("comment");
    if (comment != null) {
      fields.textOrNull("comment", comment);
    }
    fields.check();
    return new RunEdit.Score(
        label.textValue(), value.toString(), comment == null ? null : comment.textValue());
  }

  static RunEdit tags(@Nullable Buffer body) {
    RunEditBody fields = new RunEditBody(body);
    JsonNode tags = fields.required("tags");
    if (tags != null && !tags.isNull() && fields.type("tags", "array", tags)) {
      for (int i = 0; i < tags.size(); i++) {
        fields.text("tags[" + i + "]", tags.get(i));
      }
    }
    fields.check();
    if (tags.isNull()) {
      return new RunEdit.Tags(null);
    }
    List<String> texts = new ArrayList<>();
    tags.forEach(tag -> texts.add(tag.textValue()));
    return new RunEdit.Tags(texts);
  }

  static RunEdit visibility(@Nullable Buffer body) {
    RunEditBody fields = new RunEditBody(body);
    JsonNode visibility = fields.required("visibility");
    if (visibility != null) {
      fields.type("visibility", "boolean", visibility);
    }
    fields.check();
    return new RunEdit.Visibility(visibility.booleanValue());
  }

  /** No body is an empty object. */
  private static ObjectNode object(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      return MAPPER.createObjectNode();
    }
    try {
      JsonNode json = MAPPER.readTree(body.getBytes());
      if (json instanceof ObjectNode object) {
        return object;
      }
      if (json.isArray()) {
        throw new Problem.Invalid("body", "Expected object, received array");
      }
      throw new Problem.BadRequest("invalid JSON, only supports object and array");
    } catch (JsonProcessingException e) {
      throw new Problem.BadRequest("invalid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new Problem.BadRequest("invalid JSON");
    }
  }

  private @Nullable JsonNode required(String field) {
    JsonNode value = json.get(field);
    if (value == null) {
      issues.add(new Issue(field, "Required"));
    }
    return value;
  }

  private void thumb(JsonNode thumb) {
    if (!thumb.isNull() && !(thumb.isTextual() && THUMBS.contains(thumb.textValue()))) {
      String received = thumb.isTextual() ? "'" + shortened(thumb) + "'" : typeOf(thumb);
      issues.add(
          new Issue(
              "thumb",
              "Invalid enum value. Expected 'up' | 'down', or null, received " + received));
    }
  }

  private void textOrNull(String field, JsonNode value) {
    if (!value.isNull()) {
      text(field, value);
    }
  }

  private boolean text(String field, JsonNode value) {
    if (type(field, "string", value) && value.textValue().indexOf('\0') >= 0) {
      issues.add(new Issue(field, "String must not contain the character NUL"));
      return false;
    }
    return value.isTextual();
  }

  private void length(String field, String text) {
    if (text.isEmpty()) {
      issues.add(new Issue(field, "String must contain at least 1 character(s)"));
    } else if (text.length() > LONGEST_LABEL) {
      String most = "String must contain at most " + LONGEST_LABEL + " character(s)";
      issues.add(new Issue(field, most));
    }
  }

  private void scoreValue(JsonNode value) {
    if (value.isTextual()) {
      text("value", value);
    } else if (value.isNumber()) {
      if (!Double.isFinite(value.doubleValue())) {
        issues.add(new Issue("value", "Number must be finite"));
      }
    } else if (!value.isBoolean()) {
      String received = typeOf(value);
      issues.add(new Issue("value", "Expected number, string or boolean, received " + received));
    }
  }

  private boolean type(String field, String expected, JsonNode value) {
    boolean fits = typeOf(value).equals(expected);
    if (!fits) {
      String text = "Expected %s, received %s".formatted(expected, typeOf(value));
      issues.add(new Issue(field, text));
    }
    return fits;
  }

  private static String typeOf(JsonNode value) {
    return value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String shortened(JsonNode text) {
    String value = text.textValue();
    return value.length() <= 60 ? value : value.substring(0, 60) + "…";
  }

  private void check() {
    if (!issues.isEmpty()) {
      throw new Problem.Invalid(issues);
    }
  }
}
