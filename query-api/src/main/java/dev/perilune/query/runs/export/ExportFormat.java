package dev.perilune.query.runs.export;

import java.io.IOException;
import java.util.List;

/** What an export is written as. */
enum ExportFormat {
  CSV("text/csv", "export.csv"),
  JSONL("application/jsonl", "export.jsonl"),
  OJSONL("application/jsonl", "export.jsonl"),
  PARQUET("application/vnd.apache.parquet", "export.parquet");

  private final String contentType;
  private final String fileName;

  ExportFormat(String contentType, String fileName) {
    this.contentType = contentType;
    this.fileName = fileName;
  }

  String contentType() {
    return contentType;
  }

  String fileName() {
    return fileName;
  }

  /** What this format says of the runs below an exported one, in this order. */
  List<Part> parts(ExportKind kind) {
    return switch (kind) {
      case LLM -> List.of();
      case TRACE -> this == OJSONL ? List.of() : List.of(Part.CHILD);
      case THREAD ->
          switch (this) {
            case CSV -> List.of(Part.CHILD, Part.MESSAGES);
            case JSONL -> List.of(Part.MESSAGES);
            case OJSONL -> List.of();
            case PARQUET -> List.of(Part.CHILD);
          };
    };
  }

  ExportWriter writer(ExportKind kind) throws IOException {
    return switch (this) {
      case CSV -> new CsvWriter(RunColumn.of(kind), parts(kind));
      case JSONL -> new JsonLinesWriter(RunColumn.of(kind), parts(kind));
      case OJSONL -> new FineTuningWriter();
      case PARQUET -> new ParquetRunWriter();
    };
  }
}
