package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent.Judged;
import dev.perilune.model.RunKey;
import dev.perilune.model.StampedMap;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.store.AliasSql;
import dev.perilune.processor.store.AliasSql.Alias;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings feedback to the runs that it is meant for. Feedback for an exchange is kept with the id
 * that it named, because the exchange is made anew whenever its conversation changes; feedback for
 * an id that no run has waits there.
 */
final class JudgeStep {
  private final Tx tx;
  private final Batch batch;
  private final Map<RunKey, StampedMap> given = new HashMap<>();

  JudgeStep(Tx tx, Batch batch) {
    this.tx = tx;
    this.batch = batch;
    batch.items.stream().filter(item -> item.span() == null).forEach(this::take);
  }

  /** Adds the feedback of spans, once it is known which run each of them is. */
  void takeSpans() {
    batch.items.stream().filter(item -> item.span() != null).forEach(this::take);
  }

  private void take(Item item) {
    if (item.event() instanceof Judged judged) {
      given
          .computeIfAbsent(item.runKey(judged.runId()), key -> new StampedMap())
          .put(judged.feedback(), judged.stamp());
    }
  }

  /** Serves exchanges; what remains may be meant for other runs. */
  void serveExchanges() {
    serve(AliasSql.lock(tx, given.keySet()).values());
  }

  /** Ids that no exchange has. */
  Set<RunKey> remaining() {
    return given.keySet();
  }

  /** Serves the runs of the batch, stored or new; what nobody has is kept for later. */
  void serveRuns() {
    given
        .entrySet()
        .removeIf(
            entry -> {
              RunState run = batch.states.get(entry.getKey());
              // an exchange that came meanwhile is served by its alias, which keeps the feedback
              boolean found = run != null && run.exists() && !run.fold.exchange;
              if (found) {
                run.join(entry.getValue());
              }
              return found;
            });
    if (given.isEmpty()) {
      return;
    }
    Collection<Alias> rows = AliasSql.lockOrMake(tx, given.keySet()).values();
    List<Alias> waiting = rows.stream().filter(alias -> alias.run() == null).toList();
    serve(rows);
    AliasSql.update(tx, waiting.stream().map(this::joined).toList());
  }

  /** Gives new runs the feedback that came before them, and what people set before. */
  void serveNewRuns() {
    Set<RunKey> added =
        batch.states.values().stream()
            .filter(run -> run.isNew() && run.exists() && !run.fold.exchange)
            .map(run -> run.key)
            .collect(Collectors.toSet());
    for (Alias alias : AliasSql.lock(tx, added).values()) {
      RunState run = batch.states.get(alias.key());
      if (alias.feedback() != null) {
        run.join(StampedMap.parse(alias.feedback()));
      }
      run.edit(StampedMap.parse(alias.edits()));
    }
  }

  private void serve(Collection<Alias> aliases) {
    List<Alias> known = aliases.stream().filter(alias -> alias.run() != null).toList();
    List<Alias> joined = new ArrayList<>();
    load(known);
    for (Alias alias : known) {
      Alias withFeedback = joined(alias);
      joined.add(withFeedback);
      RunState run = batch.states.get(alias.run().key());
      if (run != null) {
        run.join(StampedMap.parse(withFeedback.feedback()));
      }
      given.remove(alias.key());
    }
    AliasSql.update(tx, joined);
  }

  private Alias joined(Alias alias) {
    StampedMap all = StampedMap.parse(alias.feedback());
    all.join(given.getOrDefault(alias.key(), new StampedMap()));
    return alias.with(alias.run(), all.json());
  }

  private void load(List<Alias> aliases) {
    Set<Place> places =
        aliases.stream()
            .map(Alias::run)
            .filter(place -> place != null && !batch.states.containsKey(place.key()))
            .collect(Collectors.toSet());
    RunSql.at(tx, places).forEach(run -> batch.states.put(run.row().key(), RunRows.load(run)));
  }
}
