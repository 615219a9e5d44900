package dev.perilune.processor.consume;

import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.store.Tx;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes each record as a row of the table {@code scratch}, which takes doubles and refuses {@code
 * poison}. Records that begin with {@code malformed} are rejected, {@code bug} makes it fail.
 */
final class ScratchStep implements BatchStep {
  static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS scratch (
        source_partition integer NOT NULL,
        source_offset    bigint NOT NULL,
        bytes            integer NOT NULL,
        body             text NOT NULL CHECK (body <> 'poison')
      )
      """;

  private static final String INSERT =
      """
      INSERT INTO scratch (source_partition, source_offset, bytes, body)
      SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::text[])
      """;

  private static final int SHOWN = 40;

  private final boolean hasNoBug;

  ScratchStep() {
    this(false);
  }

  ScratchStep(boolean hasNoBug) {
    this.hasNoBug = hasNoBug;
  }

  @Override
  public List<Rejected> write(Tx tx, List<SourceRecord> records) {
    if (!hasNoBug && records.stream().anyMatch(record -> body(record).equals("bug"))) {
      throw new IllegalStateException("a fault of ours");
    }
    List<SourceRecord> taken = records.stream().filter(record -> !isMalformed(record)).toList();
    tx.run(
        INSERT,
        Tuple.tuple()
            .addArrayOfInteger(taken.stream().map(SourceRecord::partition).toArray(Integer[]::new))
            .addArrayOfLong(taken.stream().map(SourceRecord::offset).toArray(Long[]::new))
            .addArrayOfInteger(
                taken.stream().map(record -> record.value().length).toArray(Integer[]::new))
            .addArrayOfString(taken.stream().map(ScratchStep::body).toArray(String[]::new)));
    return records.stream()
        .filter(ScratchStep::isMalformed)
        .map(record -> new Rejected(record, "not an event"))
        .toList();
  }

  private static boolean isMalformed(SourceRecord record) {
    return body(record).startsWith("malformed");
  }

  private static String body(SourceRecord record) {
    int shown = Math.min(SHOWN, record.value().length);
    return new String(record.value(), 0, shown, StandardCharsets.UTF_8);
  }
}
