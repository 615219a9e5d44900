package dev.perilune.query.runs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the JSON texts of a run as the API presents them. Texts are cut and joined, never read and
 * written anew: numbers of any length, escapes and the order of keys stay as they came.
 */
public final class PayloadJson {

  /** Characters of a message that a shortened list shows. */
  private static final int SHORT_CONTENT = 100;

  private static final String NOTES = "enrichments";
  private static final String NO_NOTES = "\"" + NOTES + "\":[]";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private PayloadJson() {}

  /** An input or output: without a wrapper of that name, each message with its enrichments. */
  static String shown(@Nullable String json, String wrapper) {
    return json == null ? "null" : withNotes(bare(json, wrapper));
  }

  /** An input or output without a wrapper of that name; null for none. */
  public static @Nullable String unwrapped(@Nullable String json, String wrapper) {
    return json == null || json.equals("null") ? null : bare(json, wrapper);
  }

  /**
   * The messages of one side of an exchange, each an object; anything else counts as one message.
   *
   * @param role who says what has no role of its own
   */
  public static List<String> messages(@Nullable String json, String role) {
    if (json == null || json.equals("null")) {
      return List.of();
    }
    List<String> elements = json.startsWith("[") ? elements(json) : List.of(json);
    return elements.stream()
        .map(
            element ->
                element.startsWith("{")
                    ? element
                    : "{\"role\":\"" + role + "\",\"content\":" + element + "}")
        .toList();
  }

  private static List<String> elements(String json) {
    return reading(
        json,
        in -> {
          List<String> elements = new ArrayList<>();
          in.nextToken();
          int start = -1;
          JsonToken token;
          do {
            token = in.nextToken();
            if (start >= 0) {
              // up to the next element there is nothing but a comma
              String text = json.substring(start, position(in)).strip();
              boolean comma = token != JsonToken.END_ARRAY;
              elements.add(comma ? text.substring(0, text.length() - 1).strip() : text);
            }
            start = position(in);
            if (token != JsonToken.END_ARRAY) {
              in.skipChildren();
            }
          } while (token != JsonToken.END_ARRAY);
          return elements;
        });
  }

  /** An error, with its enrichments if it is an object. */
  static String shownError(@Nullable String json) {
    return json == null || !json.startsWith("{") ? orNull(json) : withNotes(json);
  }

  /** The last element of a list, null of an empty one; anything else as it is. */
  static String last(String json) {
    return reading(
        json,
        in -> {
          if (in.nextToken() != JsonToken.START_ARRAY) {
            return json;
          }
          int start = -1;
          while (in.nextToken() != JsonToken.END_ARRAY) {
            start = position(in);
            in.skipChildren();
          }
          return start < 0 ? "null" : json.substring(start, position(in)).strip();
        });
  }

  /** The object with a text under {@code content} cut short; anything else as it is. */
  static String withShortContent(String json) {
    return reading(
        json,
        in -> {
          if (in.nextToken() != JsonToken.START_OBJECT) {
            return json;
          }
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            boolean content = in.currentName().equals("content");
            if (in.nextToken() == JsonToken.VALUE_STRING && content) {
              return JsonTexts.cut(json, position(in), SHORT_CONTENT);
            }
            in.skipChildren();
          }
          return json;
        });
  }

  /** What begins a conversation, from the input of an old exchange; a bare text is the user's. */
  static @Nullable String firstMessage(@Nullable String input) {
    if (input == null || !input.startsWith("[")) {
      return asMessage(input);
    }
    return reading(
        input,
        in -> {
          in.nextToken();
          if (in.nextToken() == JsonToken.END_ARRAY) {
            return null;
          }
          int start = position(in);
          in.skipChildren();
          in.nextToken();
          // up to the next element there is nothing but a comma
          String first = input.substring(start, position(in)).strip();
          return asMessage(
              first.endsWith(",") ? first.substring(0, first.length() - 1).strip() : first);
        });
  }

  private static @Nullable String asMessage(@Nullable String json) {
    return json != null && json.startsWith("\"")
        ? "{\"role\":\"user\",\"content\":" + json + "}"
        : json;
  }

  private static String bare(String json, String wrapper) {
    return reading(
        json,
        in -> {
          boolean only =
              in.nextToken() == JsonToken.START_OBJECT
                  && in.nextToken() == JsonToken.FIELD_NAME
                  && in.currentName().equals(wrapper);
          if (!only) {
            return json;
          }
          in.nextToken();
          int start = position(in);
          in.skipChildren();
          return in.nextToken() == JsonToken.END_OBJECT
              ? json.substring(start, position(in)).strip()
              : json;
        });
  }

  private static String withNotes(String json) {
    return reading(
        json,
        in -> {
          StringBuilder shown = new StringBuilder(json.length() + 64);
          int copied = 0;
          boolean list = in.nextToken() == JsonToken.START_ARRAY;
          JsonToken token = list ? in.nextToken() : in.currentToken();
          while (token != null && token != JsonToken.END_ARRAY) {
            if (token == JsonToken.START_OBJECT) {
              copied = addNotes(json, in, shown, copied);
            } else {
              in.skipChildren();
            }
            token = list ? in.nextToken() : null;
          }
          return copied == 0 ? json : shown.append(json, copied, json.length()).toString();
        });
  }

  /** Copies up to the end of the object under the cursor; returns how far the copy has come. */
  private static int addNotes(String json, JsonParser in, StringBuilder shown, int copied)
      throws IOException {
    boolean empty = true;
    boolean noted = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      empty = false;
      noted |= in.currentName().equals(NOTES);
      in.nextToken();
      in.skipChildren();
    }
    if (noted) {
      return copied;
    }
    int end = position(in);
    shown.append(json, copied, end).append(empty ? "" : ",").append(NO_NOTES);
    return end;
  }

  private static String orNull(@Nullable String json) {
    return json == null ? "null" : json;
  }

  private static int position(JsonParser in) {
    return (int) in.currentTokenLocation().getCharOffset();
  }

  private static <T> T reading(String json, Reading<T> reading) {
    try (JsonParser in = FACTORY.createParser(json)) {
      return reading.read(in);
    } catch (IOException broken) {
      throw new UncheckedIOException("A stored text is not JSON", broken);
    }
  }

  private interface Reading<T> {
    T read(JsonParser in) throws IOException;
  }
}
