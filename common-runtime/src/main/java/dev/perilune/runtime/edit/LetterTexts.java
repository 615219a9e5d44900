package dev.perilune.runtime.edit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How dead letters, which may be no JSON, name a user. */
final class LetterTexts {
  private static final JsonFactory PLAIN = new JsonFactory();
  private static final JsonFactory ASCII =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private LetterTexts() {}

  /** The bytes to look for. */
  static List<Buffer> naming(String externalId) {
    List<Buffer> texts = new ArrayList<>();
    texts.add(Buffer.buffer(quoted(PLAIN, externalId)));
    texts.add(Buffer.buffer(quoted(ASCII, externalId)));
    texts.add(Buffer.buffer(quoted(ASCII, externalId).toLowerCase(Locale.ROOT)));
    if (externalId.chars().allMatch(c -> c >= '0' && c <= '9')) {
      // an id that was sent as a number
      for (String field : List.of("userId", "user_id")) {
        for (String end : List.of(",", "}")) {
          texts.add(Buffer.buffer("\"" + field + "\":" + externalId + end));
          texts.add(Buffer.buffer("\"" + field + "\": " + externalId + end));
        }
      }
    }
    return texts;
  }

  private static String quoted(JsonFactory factory, String text) {
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(json)) {
      generator.writeString(text);
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
    return json.toString();
  }
}
