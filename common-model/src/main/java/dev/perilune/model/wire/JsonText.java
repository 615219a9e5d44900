package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Compact JSON of plain values: texts, booleans, numbers, lists and maps of them. */
public final class JsonText {
  private JsonText() {}

  /** Returns the JSON text; keys stay as they are. */
  public static String of(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.FACTORY.createGenerator(text)) {
      new ValueWriter(out, false).write(value);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return text.toString();
  }
}
