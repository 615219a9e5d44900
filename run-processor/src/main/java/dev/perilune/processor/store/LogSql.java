package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores log lines; the same line twice is one. */
public final class LogSql {
  private static final String INSERT =
      """
      INSERT INTO log_line (project_id, at, tie, run_id, parent_run_id, level, message, extra)
      SELECT *
        FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[],
                    $7::text[], $8::text[])
          ON CONFLICT DO NOTHING
      """;

  private LogSql() {}

  /** One line; its time in microseconds since 1970. */
  public record LogRow(
      ProjectId project,
      long atMicros,
      long tie,
      @Nullable UUID runId,
      @Nullable UUID parentId,
      String level,
      @Nullable String message,
      @Nullable String extraJson) {}

  /** Adds lines. */
  public static void insert(Tx tx, List<LogRow> lines) {
    if (!lines.isEmpty()) {
      tx.run(
          INSERT,
          Columns.of(lines)
              .uuid(line -> line.project().value())
              .time(LogRow::atMicros)
              .bigint(LogRow::tie)
              .uuid(LogRow::runId)
              .uuid(LogRow::parentId)
              .text(LogRow::level)
              .text(LogRow::message)
              .text(LogRow::extraJson)
              .tuple());
    }
  }
}
