package dev.perilune.query.ingest;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.Receipt;
import dev.perilune.model.wire.Receipt.Span;
import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads dead letters of a project. */
final class LetterSql {

  /** Letters of one receipt that are told; a request with more is broken as a whole. */
  static final int MOST_OF_RECEIPT = 1000;

  private static final String OF_RECEIPT =
      """
      SELECT d.id, d.source_topic, d.source_partition, d.source_offset, d.reason, d.created_at,
             d.redrive_requested_at, d.redrives
        FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS s (partition, first, last)
        JOIN dead_letter d ON d.source_topic = $5 AND d.source_partition = s.partition
                          AND d.source_offset BETWEEN s.first AND s.last
       WHERE d.project_id = $1
       ORDER BY d.source_partition, d.source_offset
       LIMIT $6
      """;

  private final Database database;

  LetterSql(Database database) {
    this.database = database;
  }

  /**
   * A letter.
   *
   * @param record null where only its place was asked for
   * @param recordBytes size of the whole record; 0 where only its place was asked for
   */
  record Letter(
      long id,
      String topic,
      int partition,
      long offset,
      String reason,
      OffsetDateTime createdAt,
      @Nullable OffsetDateTime redriveRequestedAt,
      int redrives,
      @Nullable Buffer record,
      int recordBytes) {}

  /** The caller's own letters among the events of a receipt. */
  Future<List<Letter>> of(ProjectId project, Receipt receipt) {
    List<Integer> partitions = new ArrayList<>();
    List<Span> spans = new ArrayList<>();
    receipt
        .spans()
        .forEach(
            (partition, offsets) ->
                offsets.forEach(
                    span -> {
                      partitions.add(partition);
                      spans.add(span);
                    }));
    Tuple values =
        Tuple.of(project.value())
            .addArrayOfInteger(partitions.toArray(Integer[]::new))
            .addArrayOfLong(spans.stream().map(Span::first).toArray(Long[]::new))
            .addArrayOfLong(spans.stream().map(Span::last).toArray(Long[]::new))
            .addString(Topics.EVENTS)
            .addInteger(MOST_OF_RECEIPT);
    return database.query(OF_RECEIPT, values).map(LetterSql::letters);
  }

  private static List<Letter> letters(RowSet<Row> rows) {
    List<Letter> letters = new ArrayList<>(rows.size());
    for (Row row : rows) {
      letters.add(letter(row));
    }
    return letters;
  }

  private static Letter letter(Row row) {
    boolean whole = row.getColumnIndex("record") >= 0;
    return new Letter(
        row.getLong("id"),
        row.getString("source_topic"),
        row.getInteger("source_partition"),
        row.getLong("source_offset"),
        row.getString("reason"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("redrive_requested_at"),
        row.getInteger("redrives"),
        whole ? row.getBuffer("record") : null,
        whole ? row.getInteger("record_bytes") : 0);
  }
}
