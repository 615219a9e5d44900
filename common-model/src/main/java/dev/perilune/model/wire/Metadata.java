package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules for the free-form maps of events. Values are JSON texts. */
public final class Metadata {
  private static final String ENRICHMENT = "enrichment";

  private Metadata() {}

  /** Keeps scalars, lists of scalars, and whatever is called enrichment. */
  static Map<String, String> clean(Map<String, String> sent) {
    if (sent.isEmpty()) {
      return sent;
    }
    Map<String, String> kept = new LinkedHashMap<>();
    sent.forEach(
        (key, value) -> {
          if (key.equals(ENRICHMENT) || isScalar(value) || isScalarList(value)) {
            kept.put(key, JsonbSafe.of(value));
          }
        });
    return kept;
  }

  /** Joins both maps, later wins; {@code thumbs} is the old spelling of {@code thumb}. */
  static Map<String, String> feedback(Map<String, String> first, Map<String, String> second) {
    if (first.isEmpty() && second.isEmpty()) {
      return Map.of();
    }
    Map<String, String> joined = new LinkedHashMap<>();
    for (Map<String, String> part : List.of(first, second)) {
      part.forEach(
          (key, value) -> joined.put(key.equals("thumbs") ? "thumb" : key, JsonbSafe.of(value)));
    }
    return joined;
  }

  private static boolean isScalar(String json) {
    char first = json.charAt(0);
    return first != '{' && first != '[' && first != 'n';
  }

  private static boolean isScalarList(String json) {
    if (json.charAt(0) != '[') {
      return false;
    }
    try (JsonParser in = Json.FACTORY.createParser(json)) {
      in.nextToken();
      JsonToken token = in.nextToken();
      while (token != JsonToken.END_ARRAY) {
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
          return false;
        }
        token = in.nextToken();
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("A slice of a parsed event parses again", e);
    }
  }

  static @Nullable List<String> tags(Map<String, String> metadata) {
    return stringList(metadata.get(EventFields.TAGS));
  }

  static @Nullable List<String> stringList(@Nullable String json) {
    if (json == null) {
      return null;
    }
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (JsonParser in = Json.FACTORY.createParser(bytes)) {
      in.nextToken();
      return new JsonSlices(bytes, in).tags();
    } catch (IOException e) {
      throw new UncheckedIOException("A slice of a parsed event parses again", e);
    }
  }

  /** Returns the text that a scalar's JSON stands for; {@code null} for null, maps and lists. */
  public static @Nullable String text(@Nullable String json) {
    if (json == null || json.isEmpty() || !isScalar(json)) {
      return null;
    }
    if (json.charAt(0) != '"') {
      return json;
    }
    try (JsonParser in = Json.FACTORY.createParser(json)) {
      in.nextToken();
      return in.getText();
    } catch (IOException e) {
      throw new UncheckedIOException("A slice of a parsed event parses again", e);
    }
  }

  /** Splits the JSON text of an object into its fields; empty for anything else. */
  public static Map<String, String> fields(@Nullable String json) {
    return ExtraFields.of(json);
  }

  /** Writes a map of JSON texts as the JSON text of one object. */
  public static String object(Map<String, String> fields) {
    StringBuilder json = new StringBuilder(64);
    char separator = '{';
    for (Map.Entry<String, String> field : fields.entrySet()) {
      json.append(separator).append('"');
      JsonStringEncoder.getInstance().quoteAsString(field.getKey(), json);
      json.append("\":").append(field.getValue());
      separator = ',';
    }
    return fields.isEmpty() ? "{}" : json.append('}').toString();
  }
}
