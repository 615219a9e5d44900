package dev.perilune.query.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shows the parameters of a run. Some clients send the tools of a model call as one text, often as
 * Python prints them; that text is shown as the JSON it means.
 */
public final class ParamsJson {

  private static final Pattern TOOLS_AS_TEXT = Pattern.compile("\"tools\"\\s*:\\s*\"");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ParamsJson() {}

  /** The parameters, an empty object for none. */
  public static String shown(@Nullable String params) {
    if (params == null || params.equals("null")) {
      return "{}";
    }
    // nearly all have no such text, and then nothing is parsed
    return TOOLS_AS_TEXT.matcher(params).find() ? withToolsRead(params) : params;
  }

  private static String withToolsRead(String params) {
    Optional<JsonNode> tree = read(params);
    if (tree.isEmpty() || !(tree.get() instanceof ObjectNode object)) {
      return params;
    }
    String tools = object.path("tools").textValue();
    if (tools == null) {
      return params;
    }
    return read(tools)
        .or(() -> read(PythonLiterals.toJson(tools)))
        .filter(JsonNode::isContainerNode)
        .map(parsed -> object.<ObjectNode>set("tools", parsed).toString())
        .orElse(params);
  }

  private static Optional<JsonNode> read(String json) {
    try {
      return Optional.of(MAPPER.readTree(json));
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }
}
