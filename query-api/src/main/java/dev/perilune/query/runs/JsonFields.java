package dev.perilune.query.runs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes fields of JSON objects the way the API words ids and times; null is written as null. */
public final class JsonFields {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().build().setRootValueSeparator(null);
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final JsonGenerator json;

  private JsonFields(JsonGenerator json) {
    this.json = json;
  }

  /** Objects with commas between them. */
  public static <T> Buffer objects(List<T> items, Writing<T> writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * items.size());
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      JsonFields fields = new JsonFields(generator);
      for (int i = 0; i < items.size(); i++) {
        if (i > 0) {
          generator.writeRaw(',');
        }
        generator.writeStartObject();
        writing.write(fields, items.get(i));
        generator.writeEndObject();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** A list of texts. */
  public static Buffer strings(List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      generator.writeStartArray();
      for (String text : texts) {
        generator.writeString(text);
      }
      generator.writeEndArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** UTC, to the millisecond. */
  public static String shown(OffsetDateTime time) {
    return MILLISECONDS.format(time);
  }

  public void id(String name, @Nullable UUID id) throws IOException {
    string(name, id == null ? null : id.toString());
  }

  public void time(String name, @Nullable OffsetDateTime time) throws IOException {
    string(name, time == null ? null : shown(time));
  }

  public void string(String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    // writes null for null
    json.writeString(value);
  }

  public void number(String name, long number) throws IOException {
    json.writeNumberField(name, number);
  }

  /** JSON that is written as it is. */
  public void raw(String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value == null ? "null" : value);
  }

  public void object(String name, Content content) throws IOException {
    json.writeObjectFieldStart(name);
    content.write();
    json.writeEndObject();
  }

  /** Writes the fields of one object. */
  public interface Writing<T> {
    void write(JsonFields fields, T item) throws IOException;
  }

  /** Writes the fields of an object inside. */
  public interface Content {
    void write() throws IOException;
  }
}
