package dev.perilune.query.runs.export;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One JSON object a line, with what is below it inside. */
final class JsonLinesWriter implements ExportWriter {

  private final List<RunColumn> columns;
  private final PartOrder parts;
  private final FileBytes bytes = new FileBytes();
  private final Writer text = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
  private final MemberJson json;
  private long rows;

  JsonLinesWriter(List<RunColumn> columns, List<Part> parts) throws IOException {
    this.columns = columns;
    this.json = new MemberJson(text);
    this.parts = new PartOrder(parts, this::beginPart, part -> json.endList());
  }

  @Override
  public void write(ExportItem item) throws IOException {
    if (item.node().part() != Part.ROW) {
      parts.moveTo(item.node().part());
      json.add(item);
      return;
    }
    endRow();
    json.beginObject(columns, item);
    parts.restart();
    rows++;
  }

  private void beginPart(Part part) throws IOException {
    json.field(part.field());
    json.beginList();
  }

  private void endRow() throws IOException {
    if (rows > 0) {
      parts.finish();
      json.endObject();
      json.writeRaw('\n');
    }
  }

  @Override
  public byte[] take() throws IOException {
    json.flush();
    text.flush();
    return bytes.take();
  }

  @Override
  public byte[] end() throws IOException {
    endRow();
    return take();
  }

  @Override
  public long rows() {
    return rows;
  }
}
