package dev.perilune.processor.store;

import dev.perilune.processor.store.RunChange.Place;
import java.util.List;
import java.util.Map;

/** Repeats on rows what people said about them, where the row is a new one. */
public final class EditSql {
  private static final String SHOW =
      """
      UPDATE run r
         SET is_public = g.is_public
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::boolean[])
             AS g(project_id, id, created_at, is_public)
       WHERE r.project_id = g.project_id AND r.id = g.id AND r.created_at = g.created_at
         AND r.is_public <> g.is_public
      """;

  private EditSql() {}

  /** Makes runs public, or not; the transaction holds their rows. */
  public static void show(Tx tx, Map<Place, Boolean> runs) {
    if (!runs.isEmpty()) {
      List<Place> places = List.copyOf(runs.keySet());
      tx.run(SHOW, RunSql.places(places).bool(runs::get).tuple());
    }
  }
}
