package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits the JSON text of an object into its fields; for the rare field that is needed so. */
final class ExtraFields {
  private ExtraFields() {}

  static Map<String, String> of(@Nullable String json) {
    if (json == null || !json.startsWith("{")) {
      return Map.of();
    }
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (JsonParser in = Json.FACTORY.createParser(bytes)) {
      in.nextToken();
      return new JsonSlices(bytes, in).fields();
    } catch (IOException e) {
      throw new UncheckedIOException("A slice of a parsed event parses again", e);
    }
  }
}
