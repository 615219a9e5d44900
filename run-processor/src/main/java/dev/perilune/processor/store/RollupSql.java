package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.store.RunFigures.LabelCell;
import dev.perilune.processor.store.RunFigures.LatencyCell;
import dev.perilune.processor.store.RunFigures.RunCell;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;

/**
 * Adds a transaction's differences to the figures: a statement for each table. They go to a slot
 * that no other transaction has, so none waits here. Users' share is {@link UserSql}'s.
 */
public final class RollupSql {
  private static final String SLOT =
      """
      INSERT INTO rollup_version AS t
      SELECT g.project_id, s.slot, 1, clock_timestamp()
        FROM unnest($1::uuid[]) AS g(project_id), (SELECT rollup_slot() AS slot OFFSET 0) s
          ON CONFLICT (project_id, slot) DO UPDATE
         SET version = t.version + 1, changed_at = excluded.changed_at
      RETURNING slot
      """;

  private static final String RUNS =
      """
      INSERT INTO rollup_run AS t
      SELECT project_id, per, at, type, name, $20::smallint, runs, tagged, errors, ended,
             micros::numeric, prompt_tokens, completion_tokens, cached_prompt_tokens, cost::numeric,
             costed, thumbs_up, thumbs_down, user_runs, user_cost::numeric
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[],
                    $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[],
                    $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::bigint[],
                    $16::bigint[], $17::bigint[], $18::bigint[], $19::text[])
             AS g(project_id, per, at, type, name, runs, tagged, errors, ended, micros,
                  prompt_tokens, completion_tokens, cached_prompt_tokens, cost, costed, thumbs_up,
                  thumbs_down, user_runs, user_cost)
          ON CONFLICT (project_id, per, at, type, name, slot) DO UPDATE
         SET runs = t.runs + excluded.runs, tagged = t.tagged + excluded.tagged,
             errors = t.errors + excluded.errors, ended = t.ended + excluded.ended,
             micros = t.micros + excluded.micros,
             prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
             completion_tokens = t.completion_tokens + excluded.completion_tokens,
             cached_prompt_tokens = t.cached_prompt_tokens + excluded.cached_prompt_tokens,
             cost = t.cost + excluded.cost, costed = t.costed + excluded.costed,
             thumbs_up = t.thumbs_up + excluded.thumbs_up,
             thumbs_down = t.thumbs_down + excluded.thumbs_down,
             user_runs = t.user_runs + excluded.user_runs,
             user_cost = t.user_cost + excluded.user_cost
      """;

  private static final String LATENCY =
      """
      INSERT INTO rollup_latency AS t
      SELECT project_id, per, at, type, $8::smallint, ended, up::numeric - down::numeric
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[],
                    $6::text[], $7::text[])
             AS g(project_id, per, at, type, ended, up, down)
          ON CONFLICT (project_id, per, at, type, slot) DO UPDATE
         SET ended = t.ended + excluded.ended, histogram = t.histogram + excluded.histogram
      """;

  private static final String LABELS =
      """
      INSERT INTO rollup_label AS t
      SELECT project_id, kind, at, label, $9::smallint, runs, prompt_tokens, completion_tokens,
             cost::numeric
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[],
                    $6::bigint[], $7::bigint[], $8::text[])
             AS g(project_id, kind, at, label, runs, prompt_tokens, completion_tokens, cost)
          ON CONFLICT (project_id, kind, at, label, slot) DO UPDATE
         SET runs = t.runs + excluded.runs, prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
             completion_tokens = t.completion_tokens + excluded.completion_tokens,
             cost = t.cost + excluded.cost
      """;

  private static final String HOUR = "hour";
  private static final String DAY = "day";

  private record RunSums(String per, RunCell cell, Sums sums) {}

  private record Latencies(String per, LatencyCell cell, PackedCounts counts) {}

  private RollupSql() {}

  /** Adds the differences of everything but users. */
  public static void add(Tx tx, RunFigures figures) {
    if (figures.isZero()) {
      return;
    }
    List<RunSums> runs = runs(figures);
    List<Latencies> latencies = latencies(figures);
    List<Entry<LabelCell, Sums>> labels = RunFigures.changed(figures.labels, Sums::isZero);
    short slot =
        tx.run(SLOT, Columns.of(figures.projects()).uuid(ProjectId::value).tuple())
            .iterator()
            .next()
            .getShort("slot");
    if (!runs.isEmpty()) {
      tx.run(RUNS, columns(runs).addShort(slot));
    }
    if (!latencies.isEmpty()) {
      tx.run(LATENCY, latencyColumns(latencies).addShort(slot));
    }
    if (!labels.isEmpty()) {
      tx.run(LABELS, labelColumns(labels).addShort(slot));
    }
  }

  private static List<RunSums> runs(RunFigures figures) {
    List<RunSums> runs = new ArrayList<>();
    RunFigures.changed(figures.byHour, Sums::isZero)
        .forEach(hour -> runs.add(new RunSums(HOUR, hour.getKey(), hour.getValue())));
    RunFigures.changed(RunFigures.byDay(figures.byHour), Sums::isZero)
        .forEach(day -> runs.add(new RunSums(DAY, day.getKey(), day.getValue())));
    return runs;
  }

  private static List<Latencies> latencies(RunFigures figures) {
    List<Latencies> latencies = new ArrayList<>();
    RunFigures.changed(figures.latencyByHour, PackedCounts::isEmpty)
        .forEach(hour -> latencies.add(new Latencies(HOUR, hour.getKey(), hour.getValue())));
    RunFigures.changed(RunFigures.latencyByDay(figures.latencyByHour), PackedCounts::isEmpty)
        .forEach(day -> latencies.add(new Latencies(DAY, day.getKey(), day.getValue())));
    return latencies;
  }

  private static Tuple columns(List<RunSums> runs) {
    return Columns.of(runs)
        .uuid(row -> row.cell.project().value())
        .text(RunSums::per)
        .time(row -> row.cell.atMicros())
        .text(row -> row.cell.type())
        .text(row -> row.cell.name())
        .bigint(row -> row.sums.runs)
        .bigint(row -> row.sums.tagged)
        .bigint(row -> row.sums.errors)
        .bigint(row -> row.sums.ended)
        .text(row -> row.sums.micros.toString())
        .bigint(row -> row.sums.promptTokens)
        .bigint(row -> row.sums.completionTokens)
        .bigint(row -> row.sums.cachedPromptTokens)
        .text(row -> row.sums.costUsd.toPlainString())
        .bigint(row -> row.sums.costed)
        .bigint(row -> row.sums.thumbsUp)
        .bigint(row -> row.sums.thumbsDown)
        .bigint(row -> row.sums.userRuns)
        .text(row -> row.sums.userCostUsd.toPlainString())
        .tuple();
  }

  private static Tuple latencyColumns(List<Latencies> latencies) {
    return Columns.of(latencies)
        .uuid(row -> row.cell.project().value())
        .text(Latencies::per)
        .time(row -> row.cell.atMicros())
        .text(row -> row.cell.type())
        .bigint(row -> row.counts.total())
        .text(row -> row.counts.up())
        .text(row -> row.counts.down())
        .tuple();
  }

  private static Tuple labelColumns(List<Entry<LabelCell, Sums>> labels) {
    return Columns.of(labels)
        .uuid(row -> row.getKey().project().value())
        .text(row -> row.getKey().kind())
        .time(row -> row.getKey().atMicros())
        .text(row -> row.getKey().label())
        .bigint(row -> row.getValue().runs)
        .bigint(row -> row.getValue().promptTokens)
        .bigint(row -> row.getValue().completionTokens)
        .text(row -> row.getValue().costUsd.toPlainString())
        .tuple();
  }
}
