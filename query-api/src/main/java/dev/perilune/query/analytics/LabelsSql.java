package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Grains;

/**
 * What runs that carry a label count for, as a table expression {@code f (at, label, runs,
 * prompt_tokens, completion_tokens, cost)}; the kinds of labels are those of {@code rollup_label}.
 */
final class LabelsSql {

  private static final String KEPT =
      """
      (SELECT r.at, r.label, r.runs, r.prompt_tokens, r.completion_tokens, r.cost
         FROM %s
        CROSS JOIN LATERAL (SELECT *
                              FROM rollup_label k
                             WHERE k.project_id = $1 AND k.kind = '%s' AND k.at >= g.begins
                               AND k.at < g.ends
                            OFFSET 0) r
        WHERE r.at >= $2 AND r.at < $3%s) f
      """;

  private static final String REST =
      """

        UNION ALL
       SELECT r.created_at, l.label, 1, r.prompt_tokens, r.completion_tokens, r.cost
         FROM %s
        CROSS JOIN LATERAL (%s) AS l (label)
        WHERE r.created_at >= $2 AND r.created_at < $3
          AND l.label IS NOT NULL\
      """;

  private LabelsSql() {}

  /** From rollups, and from the runs where the window or a bucket cuts an hour. */
  static String kept(ScopeSql scope, Grains grains, String kind) {
    String rest =
        grains.rest().isEmpty()
            ? ""
            : REST.formatted(FiguresSql.runsOf(scope, grains.rest()), labelsOfRun(kind));
    return KEPT.formatted(FiguresSql.stretches(scope, grains.wholeHours()), kind, rest);
  }

  private static String labelsOfRun(String kind) {
    return switch (kind) {
      case "agent" -> "SELECT r.agent";
      case "template" -> "SELECT r.template_version_id::text";
      case "tag" -> "SELECT DISTINCT left(tag, 200) FROM unnest(r.tags) AS tag";
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
