package dev.perilune.query.runs.export;

/** Which runs are exported; the filter {@code type} of the same name finds them. */
enum ExportKind {
  LLM,
  TRACE,
  THREAD
}
