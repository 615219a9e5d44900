package dev.perilune.processor.store;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of one topic for one owner, kept beside the data.
 *
 * @param group processors that share the topic's partitions
 * @param owner who claims and moves; another owner's claim makes every move of this one fail
 */
public record OffsetSql(String group, String topic, UUID owner) {

  // Waits for a transaction that moves the same offset, so what comes back is final.
  private static final String CLAIM =
      """
      INSERT INTO consumer_offset (consumer_group, topic, partition, next_offset, owner)
      SELECT $1, $2, claimed, 0, $3
        FROM unnest($4::int[]) AS claimed
       ORDER BY claimed
      ON CONFLICT (consumer_group, topic, partition)
      DO UPDATE SET owner = excluded.owner, updated_at = now()
      RETURNING partition, next_offset, leader_epoch
      """;

  private static final String HELD =
      """
      SELECT partition, next_offset, leader_epoch
        FROM consumer_offset
       WHERE consumer_group = $1 AND topic = $2 AND owner = $3 AND partition = ANY ($4::int[])
      """;

  // An offset goes back only when the broker lost the end of its log: what was reached is gone too.
  private static final String MOVE =
      """
      UPDATE consumer_offset AS o
         SET next_offset = m.next, leader_epoch = m.epoch, updated_at = now(),
             reached = CASE WHEN m.next < m.believed THEN m.next
                            ELSE GREATEST(o.reached, m.next) END
        FROM unnest($4::int[], $5::bigint[], $6::bigint[], $7::int[])
             AS m (partition, believed, next, epoch)
       WHERE o.consumer_group = $1 AND o.topic = $2 AND o.owner = $3
         AND o.partition = m.partition AND o.next_offset = m.believed
      """;

  /**
   * How far a partition is stored.
   *
   * @param next the next offset to read
   * @param epoch leader epoch of the record before it; null when unknown
   */
  public record Position(long next, @Nullable Integer epoch) {}

  /**
   * One partition's way through a batch.
   *
   * @param believed the next offset that this owner last saw
   * @param to where the partition is once the batch is stored
   */
  public record Move(int partition, long believed, Position to) {}

  /** Takes partitions over from whoever had them; answers where to go on, 0 for a new one. */
  public Map<Integer, Position> claim(Tx tx, Collection<Integer> partitions) {
    return positions(tx, CLAIM, partitions);
  }

  /** Positions of those of the partitions that this owner still holds. */
  public Map<Integer, Position> held(Tx tx, Collection<Integer> partitions) {
    return positions(tx, HELD, partitions);
  }

  /** Moves offsets; false if any partition has another owner or another offset than believed. */
  public boolean move(Tx tx, List<Move> moves) {
    Tuple values =
        Tuple.of(group, topic, owner)
            .addArrayOfInteger(moves.stream().map(Move::partition).toArray(Integer[]::new))
            .addArrayOfLong(moves.stream().map(Move::believed).toArray(Long[]::new))
            .addArrayOfLong(moves.stream().map(move -> move.to().next()).toArray(Long[]::new))
            .addArrayOfInteger(
                moves.stream().map(move -> move.to().epoch()).toArray(Integer[]::new));
    return tx.run(MOVE, values).rowCount() == moves.size();
  }

  private Map<Integer, Position> positions(Tx tx, String sql, Collection<Integer> partitions) {
    Tuple values =
        Tuple.of(group, topic, owner).addArrayOfInteger(partitions.toArray(Integer[]::new));
    Map<Integer, Position> positions = new TreeMap<>();
    for (Row row : tx.run(sql, values)) {
      positions.put(
          row.getInteger("partition"),
          new Position(row.getLong("next_offset"), row.getInteger("leader_epoch")));
    }
    return positions;
  }
}
