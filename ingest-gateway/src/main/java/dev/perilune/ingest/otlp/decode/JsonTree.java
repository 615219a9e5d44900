package dev.perilune.ingest.otlp.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.wire.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps, lists, texts, booleans and numbers that keep their digits. NaN and infinities are
 * null.
 */
public final class JsonTree {
  /** Deeper values are not taken apart. */
  public static final int MAX_DEPTH = 200;

  /** Nor are values that hold more: three bytes of JSON can cost a hundred of memory. */
  static final int MOST_VALUES = 250_000;

  /** What {@link #read} returns in place of a value that nests deeper or holds more. */
  static final Object TOO_DEEP = new Object();

  private final JsonParser in;
  private int count;

  private JsonTree(JsonParser in) {
    this.in = in;
  }

  /** Reads the value under the cursor, to its end. */
  static @Nullable Object read(JsonParser in) throws IOException {
    try {
      return new JsonTree(in).value(0);
    } catch (TooDeep tooDeep) {
      return TOO_DEEP;
    }
  }

  /** Reads a text that is JSON as a whole; returns the text itself if it is none. */
  public static @Nullable Object parse(String text) {
    try (JsonParser in = Json.FACTORY.createParser(text)) {
      in.nextToken();
      Object value = new JsonTree(in).value(0);
      return in.nextToken() == null ? value : text;
    } catch (IOException | TooDeep notJson) {
      return text;
    }
  }

  private @Nullable Object value(int depth) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      throw new IOException("no value");
    }
    if (++count > MOST_VALUES) {
      throw new TooDeep();
    }
    return switch (token) {
      case START_OBJECT -> map(depth + 1);
      case START_ARRAY -> list(depth + 1);
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> whole();
      case VALUE_NUMBER_FLOAT -> in.isNaN() ? null : new BigDecimal(in.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private Number whole() throws IOException {
    // nineteen digits fit into a long, with a few exceptions that the parser knows
    return in.getTextLength() <= 20 && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER
        ? (Number) in.getLongValue()
        : new BigDecimal(in.getText());
  }

  private Map<String, Object> map(int depth) throws IOException {
    check(depth);
    Map<String, Object> map = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      map.put(name, value(depth));
    }
    return map;
  }

  private List<Object> list(int depth) throws IOException {
    check(depth);
    List<Object> list = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(depth));
    }
    return list;
  }

  private static void check(int depth) {
    if (depth > MAX_DEPTH) {
      throw new TooDeep();
    }
  }

  private static final class TooDeep extends RuntimeException {
    TooDeep() {
      super(null, null, false, false);
    }
  }
}
