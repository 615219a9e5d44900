package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.wire.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON text as JavaScript's {@code JSON.stringify} writes it: compact, numbers as doubles, only
 * what must be escaped is escaped. Token counts and prices per character are defined over this
 * form.
 */
public final class JsonText {
  private JsonText() {}

  static JsonParser parser(String json) throws IOException {
    return Json.FACTORY.createParser(json);
  }

  /**
   * Characters (UTF-16 units) of the value: of the text itself if it is a text, else of its JSON
   * form.
   */
  public static int lengthOf(String json) {
    try (JsonParser parser = parser(json)) {
      parser.nextToken();
      return plainText(parser).length();
    } catch (IOException e) {
      return json.length(); // not JSON, which only a damaged row can be
    }
  }

  /** Whether JavaScript takes the scalar that the parser stands on for false. */
  static boolean isFalsy(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return true;
    }
    return switch (token) {
      case VALUE_NULL, VALUE_FALSE -> true;
      case VALUE_STRING -> parser.getTextLength() == 0;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        double number = number(parser);
        yield number == 0 || Double.isNaN(number);
      }
      default -> false;
    };
  }

  /** The value that the parser stands on: texts as they are, everything else as JSON text. */
  static String plainText(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : compact(parser);
  }

  /** As {@link #plainText}, with the members of objects in the order of {@link StoredOrder}. */
  static String storedPlainText(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : stored(parser);
  }

  /** The value that the parser stands on as JSON text; leaves the parser on its last token. */
  static String compact(JsonParser parser) throws IOException {
    return write(parser, null);
  }

  /** As {@link #compact}, with the members of objects in the order of {@link StoredOrder}. */
  static String stored(JsonParser parser) throws IOException {
    return write(parser, new StoredOrder());
  }

  private static String write(JsonParser parser, @Nullable StoredOrder order) throws IOException {
    StringBuilder out = new StringBuilder();
    int depth = 0;
    for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (!token.isStructEnd() && !isFirstInside(out)) {
        out.append(',');
      }
      if (order != null) {
        order.before(token, parser, out);
      }
      append(token, parser, out);
      if (depth == 0) {
        break;
      }
    }
    return out.toString();
  }

  // No finished value ends in one of these three: texts end in a quote.
  private static boolean isFirstInside(StringBuilder out) {
    return out.length() == 0 || "[{:".indexOf(out.charAt(out.length() - 1)) >= 0;
  }

  private static void append(JsonToken token, JsonParser parser, StringBuilder out)
      throws IOException {
    switch (token) {
      case FIELD_NAME -> {
        quote(parser.currentName(), out);
        out.append(':');
      }
      case VALUE_STRING -> quote(parser.getText(), out);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        double number = number(parser);
        out.append(Double.isFinite(number) ? JsNumber.format(number) : "null");
      }
      default -> out.append(token.asString());
    }
  }

  private static double number(JsonParser parser) throws IOException {
    // Asked for the double of an integer, Jackson takes a detour over BigInteger, slow for long
    // ones.
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        ? Double.parseDouble(parser.getText())
        : parser.getDoubleValue();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || isLoneSurrogate(text, i)) {
            out.append("\\u").append(String.format("%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isLoneSurrogate(String text, int at) {
    char c = text.charAt(at);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    return Character.isHighSurrogate(c)
        ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
        : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
  }
}
