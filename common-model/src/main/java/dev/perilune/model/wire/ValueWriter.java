package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes Java values as JSON that can be stored. */
final class ValueWriter {
  private final JsonGenerator out;
  private final boolean camelCase;

  /**
   * @param camelCase whether keys of maps are rewritten
   */
  ValueWriter(JsonGenerator out, boolean camelCase) {
    this.out = out;
    this.camelCase = camelCase;
  }

  void write(@Nullable Object value) throws IOException {
    if (value instanceof String text) {
      out.writeString(WireText.clean(text));
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String key = String.valueOf(entry.getKey());
        out.writeFieldName(WireText.clean(camelCase ? KeyNames.rewrite(key) : key));
        write(entry.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(element);
      }
      out.writeEndArray();
    } else {
      out.writeNull();
    }
  }

  private void number(Number number) throws IOException {
    if (number instanceof Double floating) {
      writeFinite(floating);
    } else {
      out.writeNumber(number.toString());
    }
  }

  /** A double that is whole is written without a fraction, as JavaScript writes it. */
  private void writeFinite(double number) throws IOException {
    if (!Double.isFinite(number)) {
      out.writeNull();
    } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      out.writeNumber((long) number);
    } else {
      out.writeNumber(number);
    }
  }
}
