package dev.perilune.query.analytics;

import org.jspecify.annotations.Nullable;

/** Series that are sums over runs; each constant is one route. */
enum RunSeries {
  TOKENS("tokens", "r.name", Sql.TOKENS, "TRUE", null),
  COSTS("costs", "r.name", "coalesce(sum(r.cost), 0)", "TRUE", null),
  ERRORS("errors", "'error'", Sql.COUNT, "r.status = 'error'", "error"),
  RUNS("runs", "'Events'", Sql.COUNT, "TRUE", "Events"),
  RUN_TYPES("run-types", "r.type", Sql.COUNT, "TRUE", null),
  THREADS("threads", "'Count'", Sql.COUNT, "r.type = 'thread'", "Count"),
  THUMBS_UP("feedback/thumb/up", "'Thumbs Up'", Sql.COUNT, Sql.UP, "Thumbs Up"),
  THUMBS_DOWN("feedback/thumb/down", "'Thumbs Down'", Sql.COUNT, Sql.DOWN, "Thumbs Down"),
  FEEDBACK_RATIO("feedback-ratio", "'Ratio'", Sql.RATIO, Sql.THUMB, "Ratio"),
  CUSTOM_EVENTS("custom-events", "r.name", Sql.COUNT, "r.type = 'custom-event'", null);

  private final String path;
  private final String name;
  private final String value;
  private final String condition;
  private final @Nullable String gapName;

  RunSeries(String path, String name, String value, String condition, @Nullable String gapName) {
    this.path = path;
    this.name = name;
    this.value = value;
    this.condition = condition;
    this.gapName = gapName;
  }

  /** The end of the route's path. */
  String path() {
    return path;
  }

  /** What a value is called. */
  String nameSql() {
    return name;
  }

  /** The value of all runs of a bucket and a name. */
  String valueSql() {
    return value;
  }

  /** Which runs count. */
  String conditionSql() {
    return condition;
  }

  /** What the zero of an empty bucket is called. */
  @Nullable String gapName() {
    return gapName;
  }

  /** Pieces of statements. */
  private static final class Sql {
    static final String COUNT = "count(*)";
    static final String TOKENS =
        "coalesce(sum(r.prompt_tokens), 0) + coalesce(sum(r.completion_tokens), 0)";
    static final String UP = "r.feedback ->> 'thumb' = 'up'";
    static final String DOWN = "r.feedback ->> 'thumb' = 'down'";
    static final String THUMB = "r.feedback ->> 'thumb' IN ('up', 'down')";
    static final String RATIO =
        """
        (count(*) FILTER (WHERE r.feedback ->> 'thumb' = 'up')
         - count(*) FILTER (WHERE r.feedback ->> 'thumb' = 'down'))::numeric / count(*)\
        """;
  }
}
