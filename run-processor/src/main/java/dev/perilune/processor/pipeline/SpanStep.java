package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent;
import dev.perilune.model.RunKey;
import dev.perilune.model.SpanNames;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.store.LinkSql;
import dev.perilune.processor.store.LinkSql.Parent;
import dev.perilune.processor.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells spans apart that have the same id in different traces. The first trace that is heard of
 * keeps the id that clients derive from the span's; what another tells goes to a run whose id comes
 * of both ids and the project. The events of both have the key of the first, so that one processor
 * decides. Which is the first depends on the order in which they come, and on nothing afterwards:
 * the run remembers its trace.
 */
final class SpanStep {
  private final Tx tx;
  private final Batch batch;
  private final Map<RunKey, UUID> owners = new HashMap<>();

  private SpanStep(Tx tx, Batch batch) {
    this.tx = tx;
    this.batch = batch;
  }

  /** Redirects what is meant for other runs than those of its ids, and loads those. */
  static void run(Tx tx, Batch batch) {
    if (batch.items.stream().anyMatch(item -> item.span() != null)) {
      new SpanStep(tx, batch).run();
    }
  }

  /** Lets a run remember whose span it is, from the first of its events. */
  static void claim(RunState run, Item item) {
    if (item.span() != null && run.links.trace == null) {
      run.links.trace = item.span().trace();
      run.changed = true;
    }
  }

  /** Whether the parent that a run declares by its span's id is the span of another trace. */
  static boolean isForeign(RunState run, @Nullable Parent parent) {
    return run.fold.parentSpan != null
        && run.links.trace != null
        && parent != null
        && parent.trace() != null
        && !parent.trace().equals(run.links.trace);
  }

  /** Lets a run take, in place of such a parent, the run that its own parent's span gets. */
  static void divert(RunState run) {
    UUID trace = Objects.requireNonNull(run.links.trace);
    String span = Objects.requireNonNull(run.fold.parentSpan);
    run.links.parentId = SpanNames.otherRunId(trace, span, run.key.project());
    run.changed = true;
  }

  private void run() {
    batch.states.forEach((key, run) -> note(key, run.links.trace));
    lookUpParentsOfLines();
    List<Item> redirected = new ArrayList<>();
    batch.items.replaceAll(
        item -> {
          Item meant = item.span() == null ? item : meant(item, item.span());
          if (meant != item) {
            redirected.add(meant);
          }
          return meant;
        });
    if (!redirected.isEmpty()) {
      new LoadStep(tx, batch).run(redirected, Set.of());
    }
  }

  private void note(RunKey key, @Nullable UUID trace) {
    if (trace != null) {
      owners.put(key, trace);
    }
  }

  private void lookUpParentsOfLines() {
    Map<RunKey, Item> lines = new HashMap<>();
    Neighbourhood near = new Neighbourhood();
    for (Item item : batch.items) {
      if (item.span() != null && item.event() instanceof RunEvent.Logged line) {
        UUID parent = line.parentId();
        if (parent != null && !owners.containsKey(item.runKey(parent))) {
          lines.put(item.runKey(parent), item);
          near.add(line.stamp().atMicros());
        }
      }
    }
    if (!lines.isEmpty()) {
      LinkSql.parents(tx, lines.keySet(), near.from(), near.to())
          .forEach((key, parent) -> note(key, parent.trace()));
    }
  }

  private Item meant(Item item, SpanNames span) {
    UUID sent = subject(item.event());
    String id = item.event() instanceof RunEvent.Logged ? span.parent() : span.span();
    if (sent == null || id == null) {
      return item;
    }
    boolean makesRun =
        item.event() instanceof RunEvent.OfRun && !(item.event() instanceof RunEvent.Judged);
    RunKey key = item.runKey(sent);
    if (makesRun) {
      owners.putIfAbsent(key, span.trace());
    }
    return owners.getOrDefault(key, span.trace()).equals(span.trace())
        ? item
        : item.meaning(sent, SpanNames.otherRunId(span.trace(), id, item.project()));
  }

  private static @Nullable UUID subject(RunEvent event) {
    if (event instanceof RunEvent.Logged line) {
      return line.parentId();
    }
    if (event instanceof RunEvent.Scored scored) {
      return scored.runId();
    }
    return event instanceof RunEvent.OfRun ofRun ? ofRun.runId() : null;
  }
}
