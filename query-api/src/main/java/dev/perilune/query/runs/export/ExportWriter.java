package dev.perilune.query.runs.export;

import java.io.IOException;

/** Turns runs into the bytes of one file. Used by one thread at a time. */
interface ExportWriter {

  /** Adds a run; those of one row come one after another. */
  void write(ExportItem item) throws IOException;

  /** The bytes that are ready since the last call, possibly none. */
  byte[] take() throws IOException;

  /** The bytes that end the file. */
  byte[] end() throws IOException;

  /** Rows, lines or records written so far. */
  long rows();
}
