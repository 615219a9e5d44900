package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sets the offsets of one group back, and what else a replay asks of the database.
 *
 * @param group processors that share the topic's partitions
 */
public record ReplaySql(String group, String topic) {

  // The owner stays: its next move fails on the offset, and it goes on from where the row says.
  private static final String REWIND =
      """
      UPDATE consumer_offset AS o
         SET next_offset = t.target, leader_epoch = NULL, updated_at = now(),
             reached = GREATEST(o.reached, o.next_offset)
        FROM unnest($3::int[], $4::bigint[]) AS t (partition, target)
       WHERE o.consumer_group = $1 AND o.topic = $2 AND o.partition = t.partition
         AND o.next_offset > t.target
      RETURNING o.partition, t.target, OLD.next_offset AS stood_at
      """;

  private static final String NEXT =
      "SELECT partition, next_offset FROM consumer_offset WHERE consumer_group = $1 AND topic = $2";

  private static final String LOCK =
      """
      SELECT
        FROM consumer_offset
       WHERE consumer_group = $1 AND topic = $2 AND partition = $3
         FOR UPDATE
      """;

  private static final String REDRIVE =
      """
      UPDATE dead_letter AS d
         SET redrive_requested_at = now()
        FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS s (partition, first, next)
       WHERE d.source_topic = $1 AND d.source_partition = s.partition
         AND d.source_offset >= s.first AND d.source_offset < s.next
         AND d.redrive_requested_at IS NULL AND ($5::uuid IS NULL OR d.project_id = $5)
      """;

  /** Offsets from the first on, up to the next one. */
  public record Stretch(long first, long next) {
    public long size() {
      return Math.max(0, next - first);
    }
  }

  /**
   * Sets offsets back; those that are not beyond their target stay.
   *
   * @return what is read again of each partition that was set back
   */
  public Map<Integer, Stretch> rewind(Tx tx, Map<Integer, Long> targets) {
    Tuple values =
        Tuple.of(group, topic)
            .addArrayOfInteger(targets.keySet().toArray(Integer[]::new))
            .addArrayOfLong(targets.values().toArray(Long[]::new));
    Map<Integer, Stretch> rewound = new TreeMap<>();
    for (Row row : tx.run(REWIND, values)) {
      rewound.put(
          row.getInteger("partition"), new Stretch(row.getLong("target"), row.getLong("stood_at")));
    }
    return rewound;
  }

  /** Where each partition is now. */
  public Map<Integer, Long> next(Tx tx) {
    Map<Integer, Long> next = new TreeMap<>();
    for (Row row : tx.run(NEXT, Tuple.of(group, topic))) {
      next.put(row.getInteger("partition"), row.getLong("next_offset"));
    }
    return next;
  }

  /** Keeps the partition's owner from storing until the transaction ends. */
  public void lock(Tx tx, int partition) {
    tx.run(LOCK, Tuple.of(group, topic, partition));
  }

  /** Has the dead letters of these stretches tried again; tells how many. */
  public int redrive(Tx tx, Map<Integer, Stretch> stretches, @Nullable ProjectId project) {
    Collection<Stretch> all = stretches.values();
    Tuple values =
        Tuple.of(topic)
            .addArrayOfInteger(stretches.keySet().toArray(Integer[]::new))
            .addArrayOfLong(offsets(all, Stretch::first))
            .addArrayOfLong(offsets(all, Stretch::next))
            .addUUID(project == null ? null : project.value());
    return tx.run(REDRIVE, values).rowCount();
  }

  private static Long[] offsets(Collection<Stretch> stretches, ToLongFunction<Stretch> offset) {
    return stretches.stream().mapToLong(offset).boxed().toArray(Long[]::new);
  }
}
