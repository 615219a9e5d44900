package dev.perilune.query.ingest;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;

/** How far the processors of one group have stored the events topic. */
final class OffsetSql {

  // while a replay reads again what was stored before, the place that was reached once counts
  private static final String STORED =
      """
      SELECT partition, GREATEST(next_offset, reached) AS next_offset
        FROM consumer_offset
       WHERE consumer_group = $1 AND topic = $2
      """;

  private final Database database;
  private final String group;

  OffsetSql(Database database, String group) {
    this.database = database;
    this.group = group;
  }

  /** Partition to the first offset that is not visible yet. */
  Future<Map<Integer, Long>> stored() {
    return database
        .query(STORED, Tuple.of(group, Topics.EVENTS))
        .map(
            rows -> {
              Map<Integer, Long> offsets = new HashMap<>();
              for (Row row : rows) {
                offsets.put(row.getInteger("partition"), row.getLong("next_offset"));
              }
              return offsets;
            });
  }
}
