package dev.perilune.query.runs.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.perilune.query.runs.JsonFields;
import dev.perilune.query.runs.PayloadJson;
import java.io.IOException;
import java.io.Writer;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes runs as JSON objects, one inside the other or as their messages, without ever holding a
 * whole tree.
 */
final class MemberJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().build().setRootValueSeparator(null);

  private final JsonGenerator json;
  private int open;

  MemberJson(Writer target) throws IOException {
    json = FACTORY.createGenerator(target);
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  /** Begins an object with these fields of a run. */
  void beginObject(List<RunColumn> columns, ExportItem item) throws IOException {
    json.writeStartObject();
    for (RunColumn column : columns) {
      String value = column.of(item);
      if (value == null && column.optional()) {
        continue;
      }
      json.writeFieldName(column.name());
      if (value == null) {
        json.writeNull();
      } else if (column.isText()) {
        json.writeString(value);
      } else {
        json.writeRawValue(value);
      }
    }
  }

  void endObject() throws IOException {
    json.writeEndObject();
  }

  /** Begins a field that lists runs. */
  void field(String name) throws IOException {
    json.writeFieldName(name);
  }

  void beginList() throws IOException {
    json.writeStartArray();
  }

  void endList() throws IOException {
    closeTo(1);
    json.writeEndArray();
  }

  /** Adds a run to the list, below the one before it if it is deeper. */
  void add(ExportItem item) throws IOException {
    if (item.node().part() == Part.MESSAGES) {
      addMessages(item);
      return;
    }
    closeTo(item.node().depth());
    beginObject(RunColumn.ofChildren(), item);
    json.writeFieldName(Part.CHILD.field());
    json.writeStartArray();
    open = item.node().depth();
  }

  void writeRaw(char separator) throws IOException {
    json.writeRaw(separator);
  }

  void flush() throws IOException {
    json.flush();
  }

  private void closeTo(int depth) throws IOException {
    for (; open >= depth; open--) {
      json.writeEndArray();
      json.writeEndObject();
    }
    open = depth - 1;
  }

  private void addMessages(ExportItem item) throws IOException {
    OffsetDateTime asked = item.run().createdAt();
    OffsetDateTime answered = item.run().endedAt();
    addMessages(item.run().payload().input(), "user", asked);
    addMessages(item.run().payload().output(), "assistant", answered == null ? asked : answered);
  }

  private void addMessages(@Nullable String side, String role, OffsetDateTime at)
      throws IOException {
    for (String message : PayloadJson.messages(side, role)) {
      String body = message.substring(0, message.length() - 1).stripTrailing();
      json.writeRawValue(
          body + (body.equals("{") ? "" : ",") + "\"createdAt\":\"" + JsonFields.shown(at) + "\"}");
    }
  }
}
