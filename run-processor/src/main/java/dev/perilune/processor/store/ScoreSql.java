package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores what programs score. Of several scores under one label the latest counts, in whatever
 * order they come, and so it does against one that was set by hand.
 */
public final class ScoreSql {
  // two scores of one moment: the greater text, so that a replay changes nothing
  private static final String PUT =
      """
      INSERT INTO run_score AS s (project_id, run_id, label, value, comment, created_at, updated_at)
      SELECT DISTINCT ON (project_id, run_id, label)
             project_id, run_id, label, value, comment, at, at
        FROM (SELECT project_id, run_id, label, value::jsonb AS value, comment, at
                FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[],
                            $6::timestamptz[])
                  AS g(project_id, run_id, label, value, comment, at)) AS sent
       ORDER BY project_id, run_id, label, at DESC, value::text DESC, coalesce(comment, '') DESC
          ON CONFLICT (project_id, run_id, label) DO UPDATE
         SET value = excluded.value, comment = excluded.comment, updated_at = excluded.updated_at
       WHERE (excluded.updated_at, excluded.value::text, coalesce(excluded.comment, ''))
             > (s.updated_at, s.value::text, coalesce(s.comment, ''))
      """;

  private ScoreSql() {}

  /** One score; its time in microseconds since 1970, its value as JSON text. */
  public record ScoreRow(
      ProjectId project,
      UUID run,
      String label,
      String valueJson,
      @Nullable String comment,
      long atMicros) {}

  /** Adds scores; the run of one may come later. */
  public static void put(Tx tx, List<ScoreRow> scores) {
    if (!scores.isEmpty()) {
      tx.run(
          PUT,
          Columns.of(scores)
              .uuid(score -> score.project().value())
              .uuid(ScoreRow::run)
              .text(ScoreRow::label)
              .text(ScoreRow::valueJson)
              .text(ScoreRow::comment)
              .time(ScoreRow::atMicros)
              .tuple());
    }
  }
}
