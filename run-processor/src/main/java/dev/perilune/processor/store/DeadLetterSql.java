package dev.perilune.processor.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records that can't be stored, kept with the reason until somebody mends or forgets them. */
public final class DeadLetterSql {

  // A record that is read again (replay, lost commit) was parked before: nothing to add.
  private static final String PARK =
      """
      INSERT INTO dead_letter
             (project_id, source_topic, source_partition, source_offset, position, reason, record,
              published)
      SELECT given.*, $8
        FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::text[], $7::bytea[])
             AS given
      ON CONFLICT (source_topic, source_partition, source_offset, position) DO NOTHING
      """;

  // At most $1 letters and $2 bytes, but always one. octet_length does not read the record.
  private static final String UNPUBLISHED =
      """
      SELECT d.id, d.project_id, d.source_topic, d.source_partition, d.source_offset, d.position,
             d.reason, d.record
        FROM dead_letter AS d
        JOIN (SELECT id, sum(octet_length(record)) OVER (ORDER BY id) AS bytes,
                     row_number() OVER (ORDER BY id) AS place
                FROM (SELECT id, record FROM dead_letter
                       WHERE NOT published ORDER BY id LIMIT $1) AS head) AS sized USING (id)
       WHERE NOT d.published AND (sized.bytes <= $2 OR sized.place = 1)
       ORDER BY d.id
         FOR UPDATE OF d SKIP LOCKED
      """;

  private static final String PUBLISHED =
      "UPDATE dead_letter SET published = true WHERE id = ANY ($1::bigint[])";

  private static final String TO_REDRIVE =
      """
      SELECT d.id, d.project_id, d.source_topic, d.source_partition, d.source_offset,
             d.position, d.reason, d.record
        FROM dead_letter AS d
        JOIN (SELECT id, sum(octet_length(record)) OVER (ORDER BY id) AS bytes,
                     row_number() OVER (ORDER BY id) AS place
                FROM (SELECT id, record FROM dead_letter
                       WHERE redrive_requested_at IS NOT NULL
                         AND source_topic = $1 AND source_partition = ANY ($2::int[])
                       ORDER BY id LIMIT $3) AS head) AS sized USING (id)
       WHERE d.redrive_requested_at IS NOT NULL AND (sized.bytes <= $4 OR sized.place = 1)
       ORDER BY d.id
      """;

  private static final String DELETE = "DELETE FROM dead_letter WHERE id = ANY ($1::bigint[])";

  private static final String FAILED_AGAIN =
      """
      UPDATE dead_letter AS d
         SET reason = g.reason, redrives = d.redrives + 1, redrive_requested_at = NULL
        FROM unnest($1::bigint[], $2::text[]) AS g (id, reason)
       WHERE d.id = g.id
      """;

  private DeadLetterSql() {}

  /**
   * A record and why it can't be stored.
   *
   * @param project null when the record does not tell
   * @param position of the event in its record; 0 for a whole record
   * @param reason for people, without a word of the database's own
   */
  public record Letter(
      @Nullable UUID project,
      String topic,
      int partition,
      long offset,
      int position,
      String reason,
      byte[] record) {}

  /** A letter with the id of its row. */
  public record StoredLetter(long id, Letter letter) {}

  public static void park(Tx tx, List<Letter> letters) {
    park(tx, letters, false);
  }

  /** Keeps letters that come from their topic and need not be copied there. */
  public static void parkPublished(Tx tx, List<Letter> letters) {
    park(tx, letters, true);
  }

  private static void park(Tx tx, List<Letter> letters, boolean published) {
    tx.run(
        PARK,
        Tuple.tuple()
            .addArrayOfUUID(column(letters, Letter::project, UUID[]::new))
            .addArrayOfString(column(letters, Letter::topic, String[]::new))
            .addArrayOfInteger(column(letters, Letter::partition, Integer[]::new))
            .addArrayOfLong(column(letters, Letter::offset, Long[]::new))
            .addArrayOfInteger(column(letters, Letter::position, Integer[]::new))
            .addArrayOfString(column(letters, Letter::reason, String[]::new))
            .addArrayOfBuffer(
                column(letters, letter -> Buffer.buffer(letter.record()), Buffer[]::new))
            .addBoolean(published));
  }

  /** The oldest letters to publish; no other transaction gets them before this one ends. */
  public static List<StoredLetter> unpublished(Tx tx, int maxLetters, long maxBytes) {
    return letters(tx, UNPUBLISHED, Tuple.of(maxLetters, maxBytes));
  }

  /** The oldest letters of these partitions that somebody wants to be tried again. */
  public static List<StoredLetter> toRedrive(
      Tx tx, String topic, Collection<Integer> partitions, int maxLetters, long maxBytes) {
    Tuple values =
        Tuple.of(topic)
            .addArrayOfInteger(partitions.toArray(Integer[]::new))
            .addInteger(maxLetters)
            .addLong(maxBytes);
    return letters(tx, TO_REDRIVE, values);
  }

  public static void delete(Tx tx, Collection<Long> ids) {
    tx.run(DELETE, Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)));
  }

  /** Keeps letters that could not be stored again, with the reason of each by its id. */
  public static void failedAgain(Tx tx, Map<Long, String> reasons) {
    tx.run(
        FAILED_AGAIN,
        Tuple.tuple()
            .addArrayOfLong(reasons.keySet().toArray(Long[]::new))
            .addArrayOfString(reasons.values().toArray(String[]::new)));
  }

  public static void published(Tx tx, List<StoredLetter> letters) {
    Long[] ids = letters.stream().map(StoredLetter::id).toArray(Long[]::new);
    tx.run(PUBLISHED, Tuple.tuple().addArrayOfLong(ids));
  }

  private static List<StoredLetter> letters(Tx tx, String sql, Tuple values) {
    List<StoredLetter> letters = new ArrayList<>();
    for (Row row : tx.run(sql, values)) {
      letters.add(
          new StoredLetter(
              row.getLong("id"),
              new Letter(
                  row.getUUID("project_id"),
                  row.getString("source_topic"),
                  row.getInteger("source_partition"),
                  row.getLong("source_offset"),
                  row.getInteger("position"),
                  row.getString("reason"),
                  row.getBuffer("record").getBytes())));
    }
    return letters;
  }

  private static <T> T[] column(
      List<Letter> letters,
      Function<Letter, @Nullable T> value,
      java.util.function.IntFunction<T[]> array) {
    return letters.stream().map(value).toArray(array);
  }
}
