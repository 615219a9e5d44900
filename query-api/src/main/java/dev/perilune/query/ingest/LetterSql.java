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
import java.util.Optional;
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

  // Which letters are shown is decided in the narrow index; records are read for those alone, and
  // of each only the beginning.
  private static final String PAGE =
      """
      SELECT d.id, d.source_topic, d.source_partition, d.source_offset, d.reason, d.created_at,
             d.redrive_requested_at, d.redrives, octet_length(d.record) AS record_bytes,
             substring(d.record FROM 1 FOR $5) AS record
        FROM (SELECT id
                FROM dead_letter
               WHERE project_id = $1 AND ($2::text IS NULL OR reason = $2)
               ORDER BY id DESC
               LIMIT $3 OFFSET $4) AS page
        JOIN dead_letter AS d USING (id)
       ORDER BY id DESC
      """;

  private static final String ONE =
      """
      SELECT id, source_topic, source_partition, source_offset, reason, created_at,
             redrive_requested_at, redrives, octet_length(record) AS record_bytes, record
        FROM dead_letter
       WHERE project_id = $1 AND id = $2
      """;

  // What producers wrote themselves was never an event of ours: they send it again.
  private static final String REDRIVE =
      """
      UPDATE dead_letter
         SET redrive_requested_at = now()
       WHERE id IN (SELECT id
                      FROM dead_letter
                     WHERE project_id = $1 AND source_topic = $2 AND redrive_requested_at IS NULL
                       AND ($3::bigint[] IS NULL OR id = ANY ($3))
                       AND ($4::text IS NULL OR reason = $4)
                     ORDER BY id
                     LIMIT $5
                       FOR UPDATE)
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

  /**
   * Letters of a project, the newest first, with the first bytes of each record.
   *
   * @param reason whole text that the letters' reason must be; null for any
   */
  Future<List<Letter>> page(
      ProjectId project, @Nullable String reason, int limit, long offset, int recordBytes) {
    Tuple values =
        Tuple.of(project.value())
            .addString(reason)
            .addInteger(limit)
            .addLong(offset)
            .addInteger(recordBytes);
    return database.query(PAGE, values).map(LetterSql::letters);
  }

  /** One letter with its whole record. */
  Future<Optional<Letter>> one(ProjectId project, long id) {
    return database
        .maybeOne(ONE, Tuple.of(project.value(), id))
        .map(row -> row.map(LetterSql::letter));
  }

  /** Asks the processors to try these letters again, the oldest first; tells how many. */
  Future<Integer> redrive(ProjectId project, Redrive wanted, int limit) {
    Tuple values =
        Tuple.of(project.value(), Topics.EVENTS)
            .addArrayOfLong(wanted.ids() == null ? null : wanted.ids().toArray(Long[]::new))
            .addString(wanted.reason())
            .addInteger(limit);
    return database.query(REDRIVE, values).map(RowSet::rowCount);
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
