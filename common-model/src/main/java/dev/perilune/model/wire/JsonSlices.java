package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.EventTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts JSON texts out of the bytes that a parser walks over, and reads single values. The bytes
 * must hold compact JSON.
 */
final class JsonSlices {
  /** Longer ones are no times, and slow to read as numbers. */
  private static final int LONGEST_NUMBER = 64;

  private final byte[] bytes;
  private final JsonParser in;

  JsonSlices(byte[] bytes, JsonParser in) {
    this.bytes = bytes;
    this.in = in;
  }

  /** Returns the text of the value under the cursor and moves to its end. */
  String value() throws IOException {
    int from = (int) in.currentTokenLocation().getByteOffset();
    in.skipChildren();
    in.finishToken();
    int to = (int) in.currentLocation().getByteOffset();
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** As {@link #value()}, but {@code null} for a JSON null. */
  @Nullable String valueOrNull() throws IOException {
    return in.currentToken() == JsonToken.VALUE_NULL ? null : value();
  }

  /** Returns the value's text if JavaScript would take it for true, else {@code null}. */
  @Nullable String truthy() throws IOException {
    boolean falsy =
        switch (in.currentToken()) {
          case VALUE_NULL, VALUE_FALSE -> true;
          case VALUE_STRING -> in.getTextLength() == 0;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> isZero(in.getText());
          default -> false;
        };
    return falsy ? null : value();
  }

  /** Returns the string under the cursor; {@code null} for anything else, which is skipped. */
  @Nullable String string() throws IOException {
    String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : null;
    in.skipChildren();
    return text;
  }

  /** Returns microseconds since 1970, {@link EventTime#NONE} for what is no time. */
  long time() throws IOException {
    long time =
        switch (in.currentToken()) {
          case VALUE_STRING -> EventTime.ofText(in.getText());
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              in.getTextLength() > LONGEST_NUMBER
                  ? EventTime.NONE
                  : EventTime.ofNumber(in.getDoubleValue());
          default -> EventTime.NONE;
        };
    in.skipChildren();
    return time;
  }

  /** Decides by the digits: a number may be too long for any number type. */
  private static boolean isZero(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c >= '1' && c <= '9') {
        return false;
      }
      if (c == 'e' || c == 'E') {
        return true;
      }
    }
    return true;
  }

  /** Returns the fields of the object under the cursor; empty for anything else. */
  Map<String, String> fields() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return Map.of();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      fields.put(name, value());
    }
    return fields;
  }

  /** Returns the text under the cursor, or the text form of a number or boolean, else null. */
  @Nullable String scalarText() throws IOException {
    JsonToken token = in.currentToken();
    String text = token.isScalarValue() && token != JsonToken.VALUE_NULL ? in.getText() : null;
    in.skipChildren();
    return text;
  }

  /** Reads a list of tags: scalars become text, one text becomes a list, the rest is left out. */
  @Nullable List<String> tags() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      String one = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
      in.skipChildren();
      return one.isEmpty() ? null : List.of(one);
    }
    List<String> tags = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      String tag = scalarText();
      if (tag != null) {
        tags.add(tag);
      }
    }
    return tags;
  }
}
