package dev.perilune.query.analytics;

import org.jspecify.annotations.Nullable;

/** Series that are sums over runs; each constant is one route. */
enum RunSeries {
  TOKENS("tokens", Sql.NAME, "sum(f.prompt_tokens) + sum(f.completion_tokens)", Sql.ALL, null),
  COSTS("costs", Sql.NAME, "coalesce(sum(f.cost), 0)", Sql.ALL, null),
  ERRORS("errors", "'error'", "sum(f.errors)", Sql.ALL, "error"),
  RUNS("runs", "'Events'", Sql.COUNT, Sql.ALL, "Events"),
  RUN_TYPES("run-types", "f.type", Sql.COUNT, Sql.ALL, null),
  THREADS("threads", "'Count'", Sql.COUNT, "%s.type = 'thread'", "Count"),
  THUMBS_UP("feedback/thumb/up", "'Thumbs Up'", "sum(f.thumbs_up)", Sql.ALL, "Thumbs Up"),
  THUMBS_DOWN("feedback/thumb/down", "'Thumbs Down'", "sum(f.thumbs_down)", Sql.ALL, "Thumbs Down"),
  FEEDBACK_RATIO("feedback-ratio", "'Ratio'", Sql.RATIO, Sql.ALL, "Ratio"),
  CUSTOM_EVENTS("custom-events", Sql.NAME, Sql.COUNT, "%s.type = 'custom-event'", null);

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

  /** What a value is called; {@code f} is as {@link FiguresSql} gives it. */
  String nameSql() {
    return name;
  }

  /** The value of all runs of a bucket and a name. */
  String valueSql() {
    return value;
  }

  /** Which runs count, of a table that is called so. */
  String conditionSql(String table) {
    return condition.formatted(table);
  }

  /** What the zero of an empty bucket is called. */
  @Nullable String gapName() {
    return gapName;
  }

  /** Pieces of statements. */
  private static final class Sql {
    static final String ALL = "TRUE";
    static final String NAME = "nullif(f.name, '')";
    static final String COUNT = "sum(f.runs)";
    static final String RATIO =
        """
        coalesce((sum(f.thumbs_up) - sum(f.thumbs_down))::numeric
                 / nullif(sum(f.thumbs_up) + sum(f.thumbs_down), 0), 0)\
        """;
  }
}
