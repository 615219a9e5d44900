package dev.perilune.query.runs.export;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values by RFC 4180: the same columns in every line, texts and JSON in quotes with
 * their quotes doubled, numbers and booleans bare, nothing for null.
 */
final class CsvWriter implements ExportWriter {

  private static final String LINE_END = "\r\n";
  private static final JsonMapper JSON = new JsonMapper();

  private final List<RunColumn> columns;
  private final List<Part> cells;
  private final PartOrder parts;
  private final FileBytes bytes = new FileBytes();
  private final Writer text = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
  private final MemberJson members = new MemberJson(new QuotesDoubled(text));
  private long rows;

  CsvWriter(List<RunColumn> columns, List<Part> cells) throws IOException {
    this.columns = columns;
    this.cells = cells;
    this.parts = new PartOrder(cells, this::beginCell, this::endCell);
  }

  @Override
  public void write(ExportItem item) throws IOException {
    if (item.node().part() != Part.ROW) {
      parts.moveTo(item.node().part());
      members.add(item);
      return;
    }
    endRow();
    if (rows == 0) {
      text.write(header());
    }
    for (int i = 0; i < columns.size(); i++) {
      text.write(i == 0 ? "" : ",");
      text.write(cell(columns.get(i), columns.get(i).of(item)));
    }
    parts.restart();
    rows++;
  }

  private String header() {
    return Stream.concat(columns.stream().map(RunColumn::name), cells.stream().map(Part::field))
        .collect(Collectors.joining(",", "", LINE_END));
  }

  private static String cell(RunColumn column, @Nullable String value) throws IOException {
    if (value == null) {
      return "";
    }
    if (column.isText()) {
      return quoted(value);
    }
    return switch (value.charAt(0)) {
      case '{', '[' -> quoted(value);
      case '"' -> quoted(JSON.readValue(value, String.class));
      default -> value;
    };
  }

  private static String quoted(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  private void beginCell(Part part) throws IOException {
    text.write(",\"");
    members.beginList();
  }

  private void endCell(Part part) throws IOException {
    members.endList();
    members.flush();
    text.write('"');
  }

  private void endRow() throws IOException {
    if (rows > 0) {
      parts.finish();
      text.write(LINE_END);
    }
  }

  @Override
  public byte[] take() throws IOException {
    members.flush();
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

  /** The inside of a cell. */
  private static final class QuotesDoubled extends FilterWriter {

    QuotesDoubled(Writer cell) {
      super(cell);
    }

    @Override
    public void write(int c) throws IOException {
      if (c == '"') {
        out.write('"');
      }
      out.write(c);
    }

    @Override
    public void write(char[] chars, int from, int length) throws IOException {
      int end = from + length;
      int copied = from;
      for (int at = from; at < end; at++) {
        if (chars[at] == '"') {
          out.write(chars, copied, at + 1 - copied);
          // the next copy begins with the same quote
          copied = at;
        }
      }
      out.write(chars, copied, end - copied);
    }

    @Override
    public void write(String string, int from, int length) throws IOException {
      char[] chars = new char[length];
      string.getChars(from, from + length, chars, 0);
      write(chars, 0, length);
    }
  }
}
