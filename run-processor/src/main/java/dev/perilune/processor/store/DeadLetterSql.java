package dev.perilune.processor.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
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

  /** A letter that its topic does not have yet. */
  public record Unpublished(long id, Letter letter) {}

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
  public static List<Unpublished> unpublished(Tx tx, int maxLetters, long maxBytes) {
    List<Unpublished> letters = new ArrayList<>();
    for (Row row : tx.run(UNPUBLISHED, Tuple.of(maxLetters, maxBytes))) {
      letters.add(
          new Unpublished(
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

  public static void published(Tx tx, List<Unpublished> letters) {
    Long[] ids = letters.stream().map(Unpublished::id).toArray(Long[]::new);
    tx.run(PUBLISHED, Tuple.tuple().addArrayOfLong(ids));
  }

  private static <T> T[] column(
      List<Letter> letters,
      Function<Letter, @Nullable T> value,
      java.util.function.IntFunction<T[]> array) {
    return letters.stream().map(value).toArray(array);
  }
}
