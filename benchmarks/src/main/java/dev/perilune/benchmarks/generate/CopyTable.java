package dev.perilune.benchmarks.generate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;

/** Rows of one table in the text form that COPY reads, until they are written. */
final class CopyTable {
  private final String statement;
  private final StringBuilder rows = new StringBuilder(1 << 20);
  private boolean inRow;

  CopyTable(String table, String columns) {
    this.statement = "COPY " + table + " (" + columns + ") FROM STDIN";
  }

  /** Adds the next column of the row; null is SQL's NULL. */
  CopyTable add(@Nullable Object value) {
    if (inRow) {
      rows.append('\t');
    }
    inRow = true;
    if (value == null) {
      rows.append("\\N");
    } else if (value instanceof String text) {
      escape(text);
    } else {
      rows.append(value);
    }
    return this;
  }

  /** Adds microseconds since 1970 as a time. */
  CopyTable addTime(@Nullable Long micros) {
    return add(micros == null ? null : Times.text(micros));
  }

  void endRow() {
    rows.append('\n');
    inRow = false;
  }

  int length() {
    return rows.length();
  }

  /** Writes the rows and forgets them. */
  void write(CopyManager copy) throws SQLException, IOException {
    if (!rows.isEmpty()) {
      byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
      rows.setLength(0);
      copy.copyIn(statement, new ByteArrayInputStream(bytes), 1 << 16);
    }
  }

  private void escape(String text) {
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      switch (letter) {
        case '\\' -> rows.append("\\\\");
        case '\t' -> rows.append("\\t");
        case '\n' -> rows.append("\\n");
        case '\r' -> rows.append("\\r");
        default -> rows.append(letter);
      }
    }
  }
}
