package dev.perilune.query.analytics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes answers; alone knows their shapes. */
final class AnalyticsJson {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private AnalyticsJson() {}

  /** A series with its figure, where it has one. */
  static Buffer series(Series series) {
    return written(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("data");
          for (Point point : series.points()) {
            json.writeStartObject();
            json.writeStringField("date", date(series.buckets().wireDate(point.bucket())));
            number(json, "value", point.value());
            json.writeFieldName("name");
            // writes null for null
            json.writeString(point.name());
            json.writeEndObject();
          }
          json.writeEndArray();
          stat(json, series.stat());
          json.writeEndObject();
        });
  }

  /** Objects in an array of their own, or as the data of an object. */
  static Buffer rows(List<Map<String, @Nullable Object>> rows, boolean wrapped) {
    return written(
        json -> {
          if (wrapped) {
            json.writeStartObject();
            json.writeFieldName("data");
          }
          array(json, rows);
          if (wrapped) {
            json.writeEndObject();
          }
        });
  }

  /** Objects as the data of an object that has a figure beside them. */
  static Buffer rows(List<Map<String, @Nullable Object>> rows, BigDecimal stat) {
    return written(
        json -> {
          json.writeStartObject();
          json.writeFieldName("data");
          array(json, rows);
          stat(json, stat);
          json.writeEndObject();
        });
  }

  private static void array(JsonGenerator json, List<Map<String, @Nullable Object>> rows)
      throws IOException {
    json.writeStartArray();
    for (Map<String, @Nullable Object> row : rows) {
      json.writeStartObject();
      for (Map.Entry<String, Object> field : row.entrySet()) {
        field(json, field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void field(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value instanceof BigDecimal number) {
      number(json, name, number);
    } else {
      json.writeFieldName(name);
      json.writeString((String) value);
    }
  }

  private static void stat(JsonGenerator json, @Nullable BigDecimal stat) throws IOException {
    if (stat != null) {
      number(json, "stat", stat);
    }
  }

  // 1.50 and 1.5 are one number: answers must not tell how a sum came about
  private static void number(JsonGenerator json, String name, BigDecimal value) throws IOException {
    json.writeFieldName(name);
    json.writeNumber(value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString());
  }

  private static String date(Instant instant) {
    return MILLISECONDS.format(instant);
  }

  private static Buffer written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      writing.write(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private interface Writing {
    void write(JsonGenerator json) throws IOException;
  }
}
