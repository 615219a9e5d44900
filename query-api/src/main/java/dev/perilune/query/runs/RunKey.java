package dev.perilune.query.runs;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Where a run's row is; its start time tells the partition.
 *
 * @param payloadBytes size of the run's texts, which bounds how many runs are read at a time
 */
public record RunKey(UUID id, OffsetDateTime createdAt, long payloadBytes) {

  private static final int MAX_ROWS = 1000;
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  public RunKey(UUID id, OffsetDateTime createdAt) {
    this(id, createdAt, 0);
  }

  /** Cuts keys into pieces that fit into memory whole, a single huge run being a piece itself. */
  static List<List<RunKey>> pieces(List<RunKey> keys) {
    return pieces(keys, Function.identity());
  }

  /** The same for what has a key. */
  public static <T> List<List<T>> pieces(List<T> keys, Function<T, RunKey> key) {
    List<List<T>> pieces = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < keys.size(); i++) {
      long added = key.apply(keys.get(i)).payloadBytes();
      if (i > from && (i - from == MAX_ROWS || bytes + added > MAX_BYTES)) {
        pieces.add(keys.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += added;
    }
    if (from < keys.size()) {
      pieces.add(keys.subList(from, keys.size()));
    }
    return pieces;
  }
}
