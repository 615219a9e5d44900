package dev.perilune.processor.store;

import dev.perilune.model.RunKey;
import dev.perilune.processor.store.RunChange.Place;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Keeps the directory of runs that are not where their start time suggests. */
public final class StraySql {
  private static final String PUT =
      """
      INSERT INTO run_stray (project_id, id, created_at)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
          ON CONFLICT (project_id, id) DO UPDATE SET created_at = excluded.created_at
      """;

  private static final String REMOVE =
      """
      DELETE FROM run_stray s
       USING unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
       WHERE s.project_id = g.project_id AND s.id = g.id
      """;

  private StraySql() {}

  /** Notes where these runs are. */
  public static void put(Tx tx, Collection<Place> places) {
    if (!places.isEmpty()) {
      List<Place> ordered = places.stream().sorted(Comparator.comparing(Place::key)).toList();
      tx.run(PUT, RunSql.places(ordered).tuple());
    }
  }

  /** Forgets runs that can be found by their start time now. */
  public static void remove(Tx tx, Collection<RunKey> keys) {
    if (!keys.isEmpty()) {
      tx.run(REMOVE, RunSql.keys(keys));
    }
  }
}
