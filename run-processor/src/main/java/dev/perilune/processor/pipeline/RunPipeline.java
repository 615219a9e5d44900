package dev.perilune.processor.pipeline;

import dev.perilune.model.EventTime;
import dev.perilune.model.FoldEdit;
import dev.perilune.model.RunEvent;
import dev.perilune.model.RunKey;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.pricing.tokens.TokenCounter;
import dev.perilune.processor.pricing.tokens.UsageCounter;
import dev.perilune.processor.store.EditSql;
import dev.perilune.processor.store.ForgottenSql;
import dev.perilune.processor.store.LinkSql;
import dev.perilune.processor.store.LinkSql.Orphan;
import dev.perilune.processor.store.LogSql;
import dev.perilune.processor.store.LogSql.LogRow;
import dev.perilune.processor.store.MetadataKeySql;
import dev.perilune.processor.store.ProjectSql;
import dev.perilune.processor.store.ProjectSql.Known;
import dev.perilune.processor.store.RollupSql;
import dev.perilune.processor.store.RunChange;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.processor.store.RunFigures;
import dev.perilune.processor.store.RunRow;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.RunWriter;
import dev.perilune.processor.store.ScoreSql;
import dev.perilune.processor.store.ScoreSql.ScoreRow;
import dev.perilune.processor.store.SearchQueueSql;
import dev.perilune.processor.store.StraySql;
import dev.perilune.processor.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One batch from records to rows.
 *
 * <p>What is stored afterwards depends on the set of events alone, not on their order, repetition
 * or split over batches; but for the id of a span that two traces have ({@link SpanStep}). Rows are
 * locked in one order (messages, aliases, runs by key, users), so that processors rarely wait for
 * each other in a circle; where they do, the database ends one transaction and the caller tries
 * again.
 */
public final class RunPipeline {
  private static final int SETTLED_AT_ONCE = 1000;

  private final Supplier<ModelPrices> prices;
  private final boolean keepsFigures;
  private final UsageCounter counter = new UsageCounter(new TokenCounter());

  /** Takes the prices in force, asked for once a batch. */
  public RunPipeline(Supplier<ModelPrices> prices) {
    this(prices, true);
  }

  private RunPipeline(Supplier<ModelPrices> prices, boolean keepsFigures) {
    this.prices = prices;
    this.keepsFigures = keepsFigures;
  }

  /** Leaves the figures as they are: for measuring what they cost, and for nothing else. */
  public static RunPipeline withoutFigures(Supplier<ModelPrices> prices) {
    return new RunPipeline(prices, false);
  }

  /**
   * Writes what the records say, within the caller's transaction.
   *
   * @return what can't be taken and what changed; counts when the transaction commits
   */
  public Written write(Tx tx, List<SourceRecord> records) {
    Batch batch = Batch.decode(records);
    ForgottenSql.pass(tx);
    Known projects = ProjectSql.known(tx, batch.projects());
    batch.keepProjects(projects.orgs());
    ForgetStep.run(tx, batch, projects.forgetful());
    UserStep.run(tx, batch);
    ThreadStep.run(tx, batch);
    JudgeStep judge = new JudgeStep(tx, batch);
    judge.serveExchanges();
    new LoadStep(tx, batch).run(batch.items, judge.remaining());
    SpanStep.run(tx, batch);
    judge.takeSpans();
    batch.items.forEach(item -> apply(batch, item));
    Supplements.fillStored(tx, batch);
    judge.serveRuns();
    judge.serveNewRuns();
    LogSql.insert(tx, logLines(batch));
    List<RunRow> changed = finish(tx, batch);
    long begunNanos = System.nanoTime();
    addFigures(tx, batch);
    ScoreSql.put(tx, scores(batch));
    return new Written(batch.rejected, changed, System.nanoTime() - begunNanos);
  }

  /**
   * Looks again for parents that came in a transaction beside that of their child. To be called
   * between batches, now and then, and again at once while it returns true.
   */
  public boolean settle(Tx tx) {
    List<Orphan> unsettled = LinkSql.takeUnsettled(tx, SETTLED_AT_ONCE);
    if (unsettled.isEmpty()) {
      return false;
    }
    Set<RunKey> parents = unsettled.stream().map(Orphan::parent).collect(Collectors.toSet());
    Set<RunKey> come = LinkSql.parents(tx, parents, EventTime.FIRST, EventTime.LAST).keySet();
    Set<Place> children =
        LinkSql.takeOrphans(tx, come).stream().map(Orphan::child).collect(Collectors.toSet());
    Batch batch = new Batch();
    RunSql.at(tx, children)
        .forEach(
            child -> {
              batch.states.put(child.row().key(), RunRows.load(child));
              batch.toLink.add(child.row().key());
            });
    finish(tx, batch);
    addFigures(tx, batch);
    return unsettled.size() == SETTLED_AT_ONCE;
  }

  private List<RunRow> finish(Tx tx, Batch batch) {
    batch.states.values().stream()
        .filter(run -> run.exists() && (run.toLink || run.isNew()))
        .forEach(run -> batch.toLink.add(run.key));
    List<Orphan> orphans = new LinkStep(tx, batch).run();
    new PriceStep(prices.get(), counter).run(tx, batch);
    List<RunChange> changes =
        batch.states.values().stream()
            .filter(run -> run.changed && (run.exists() || run.isWaiting()))
            .map(RunRows::change)
            .toList();
    RunWriter.write(tx, changes, batch.figures);
    SearchQueueSql.add(tx, changes);
    EditSql.show(tx, shown(batch));
    LinkSql.addOrphans(tx, orphans);
    noteStrays(tx, batch);
    List<RunChange> visible = changes.stream().filter(change -> !change.row().isWaiting()).toList();
    MetadataKeySql.add(tx, visible);
    return visible.stream().map(RunChange::row).toList();
  }

  private void addFigures(Tx tx, Batch batch) {
    RunFigures figures = keepsFigures ? batch.figures : new RunFigures();
    RollupSql.add(tx, figures);
    UserStep.finish(tx, batch, figures);
  }

  /** What people said about who may see the runs that were written. */
  private static Map<Place, Boolean> shown(Batch batch) {
    Map<Place, Boolean> shown = new HashMap<>();
    for (RunState run : batch.states.values()) {
      Boolean isPublic = FoldEdit.isPublic(run.fold.edits);
      if (isPublic != null && run.changed && run.exists()) {
        shown.put(new Place(run.key, run.createdAtMicros), isPublic);
      }
    }
    return shown;
  }

  private static void apply(Batch batch, Item item) {
    if (item.event() instanceof RunEvent.Judged) {
      return; // feedback makes no run; JudgeStep finds the one that it is meant for
    }
    if (item.event() instanceof RunEvent.OfRun event) {
      RunState run =
          batch.states.computeIfAbsent(
              item.runKey(event.runId()), key -> new RunState(key, new RunFold(), null));
      if (!run.fold.exchange) {
        SpanStep.claim(run, item);
        RunEvents.apply(run, event, batch.user(item));
      } else {
        batch.rejected.add(
            new Rejected(item.source(), "runId is the id of a message of a conversation"));
      }
    } else if (item.event() instanceof RunEvent.OfThread event) {
      RunState thread =
          batch.states.computeIfAbsent(
              item.runKey(event.threadId()), key -> new RunState(key, new RunFold(), null));
      RunEvents.applyToThread(thread, event, batch.user(item));
    }
  }

  private static List<LogRow> logLines(Batch batch) {
    List<LogRow> lines = new ArrayList<>();
    for (Item item : batch.items) {
      if (item.event() instanceof RunEvent.Logged log) {
        lines.add(
            new LogRow(
                item.project(),
                log.stamp().atMicros(),
                log.stamp().tie(),
                log.runId(),
                log.parentId() == null ? null : item.runKey(log.parentId()).id(),
                log.level(),
                log.message(),
                log.extraJson()));
      }
    }
    return lines;
  }

  private static List<ScoreRow> scores(Batch batch) {
    List<ScoreRow> scores = new ArrayList<>();
    for (Item item : batch.items) {
      if (item.event() instanceof RunEvent.Scored scored) {
        scores.add(
            new ScoreRow(
                item.project(),
                item.runKey(scored.runId()).id(),
                scored.label(),
                scored.valueJson(),
                scored.comment(),
                scored.stamp().atMicros()));
      }
    }
    return scores;
  }

  /** Runs without a start, or with one far from its receipt, can't be found by their time. */
  private static void noteStrays(Tx tx, Batch batch) {
    Map<RunKey, Long> receivedAt = new HashMap<>();
    for (Item item : batch.items) {
      if (item.event() instanceof RunEvent.OfRun event) {
        receivedAt.merge(item.runKey(event.runId()), item.receivedAtMicros(), Math::max);
      }
    }
    List<Place> strays = new ArrayList<>();
    Set<RunKey> found = new HashSet<>();
    for (RunState run : batch.states.values()) {
      Long received = receivedAt.get(run.key);
      if (received == null || !run.changed || !(run.exists() || run.isWaiting())) {
        continue;
      }
      boolean isFar = LoadStep.isFar(run.createdAtMicros, received);
      if (run.fold.start == null || isFar) {
        strays.add(new Place(run.key, run.createdAtMicros));
      } else if (batch.strays.contains(run.key)) {
        found.add(run.key);
      }
    }
    StraySql.put(tx, strays);
    StraySql.remove(tx, found);
  }
}
