package dev.perilune.processor.pipeline;

import dev.perilune.model.RunKey;
import dev.perilune.processor.store.AliasSql;
import dev.perilune.processor.store.LinkSql;
import dev.perilune.processor.store.LinkSql.Orphan;
import dev.perilune.processor.store.LinkSql.Parent;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.StoredRun;
import dev.perilune.processor.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hangs runs below their parents and lets users cascade down, whichever of them came first. A child
 * whose parent is missing waits in a list that every new run looks into.
 */
final class LinkStep {
  /** Deeper cascades end here: a cycle of parents, or a trace that no program makes. */
  private static final int MAX_DEPTH = 1000;

  private final Tx tx;
  private final Batch batch;
  private final Set<RunKey> pending = new HashSet<>();
  private final Map<RunKey, Parent> storedParents = new HashMap<>();

  /** Runs that take another parent than they declare, see {@link SpanStep}. */
  private final Set<RunState> diverted = new HashSet<>();

  LinkStep(Tx tx, Batch batch) {
    this.tx = tx;
    this.batch = batch;
  }

  /** Links everything that is new in the batch; returns the children that must wait. */
  List<Orphan> run() {
    List<RunState> runs =
        batch.toLink.stream()
            .map(batch.states::get)
            .filter(Objects::nonNull)
            .filter(RunState::exists)
            .toList();
    storedParents.putAll(lookUp(runs));
    keepInTheirTraces(runs);
    runs.forEach(run -> pending.add(run.key));
    runs.forEach(this::settle);
    // the children of a new run are linked below, as it is now
    runs.stream().filter(RunState::isNew).forEach(RunState::showToChildren);
    List<RunState> children = new ArrayList<>(childrenThatWaited(runs));
    children.addAll(load(RunSql.children(tx, batch.movedNames)));
    children.addAll(childrenOf(runs.stream().filter(RunState::looksOtherToChildren).toList()));
    for (int depth = 0; depth < MAX_DEPTH && !children.isEmpty(); depth++) {
      keepInTheirTraces(children);
      children.forEach(child -> pending.add(child.key));
      children.forEach(this::settle);
      children = childrenOf(children.stream().filter(RunState::looksOtherToChildren).toList());
    }
    diverted.addAll(runs);
    return diverted.stream().filter(RunState::isOrphan).map(LinkStep::orphan).toList();
  }

  /** No span is below one of another trace that has the id of its parent by chance. */
  private void keepInTheirTraces(List<RunState> runs) {
    List<RunState> foreign =
        runs.stream().filter(run -> SpanStep.isForeign(run, declared(run))).toList();
    foreign.forEach(SpanStep::divert);
    storedParents.putAll(lookUp(foreign));
    diverted.addAll(foreign);
  }

  private @Nullable Parent declared(RunState run) {
    RunKey key = run.parentKey();
    RunState inBatch = key == null ? null : batch.find(key);
    return inBatch != null ? inBatch.asParent() : storedParents.get(key);
  }

  private Map<RunKey, Parent> lookUp(List<RunState> runs) {
    Set<RunKey> missing = new HashSet<>();
    Neighbourhood near = new Neighbourhood();
    for (RunState run : runs) {
      RunKey parent = run.parentKey();
      if (parent != null && batch.find(parent) == null) {
        missing.add(parent);
        near.add(run.createdAtMicros);
      }
    }
    return missing.isEmpty() ? Map.of() : LinkSql.parents(tx, missing, near.from(), near.to());
  }

  /** Settles a run after its parent and returns what its children need to know of it. */
  private Parent settle(RunState run) {
    if (pending.remove(run.key)) {
      run.link(parentOf(run));
    }
    return run.asParent();
  }

  private @Nullable Parent parentOf(RunState run) {
    RunKey key = run.parentKey();
    if (key == null) {
      return null;
    }
    RunState inBatch = batch.find(key);
    if (inBatch == null) {
      return storedParents.get(key);
    }
    return inBatch == run ? null : settle(inBatch);
  }

  private List<RunState> childrenThatWaited(List<RunState> runs) {
    Set<RunKey> names = new HashSet<>(batch.newNames);
    runs.stream().filter(RunState::isNew).forEach(run -> names.add(run.key));
    Set<Place> places =
        LinkSql.takeOrphans(tx, names).stream().map(Orphan::child).collect(Collectors.toSet());
    return load(RunSql.at(tx, places));
  }

  private List<RunState> childrenOf(List<RunState> parents) {
    if (parents.isEmpty()) {
      return List.of();
    }
    Set<RunKey> names = parents.stream().map(run -> run.key).collect(Collectors.toSet());
    List<RunKey> exchanges =
        parents.stream().filter(run -> run.fold.exchange).map(run -> run.key).toList();
    AliasSql.idsOf(tx, exchanges)
        .forEach(
            (name, run) -> {
              names.add(name);
              batch.names.putIfAbsent(name, batch.states.get(run));
            });
    parents.forEach(RunState::showToChildren);
    Set<RunState> children = new LinkedHashSet<>(load(RunSql.children(tx, names)));
    // those that name their parent in this very batch are not stored as its children yet
    batch.states.values().stream()
        .filter(run -> run.exists() && names.contains(run.parentKey()))
        .forEach(children::add);
    return List.copyOf(children);
  }

  private List<RunState> load(List<StoredRun> children) {
    return children.stream().map(this::load).toList();
  }

  private RunState load(StoredRun child) {
    RunState moving = batch.formerNames.get(child.row().key());
    return moving != null
        ? moving
        : batch.states.computeIfAbsent(child.row().key(), key -> RunRows.load(child));
  }

  private static Orphan orphan(RunState run) {
    return new Orphan(
        Objects.requireNonNull(run.parentKey()), new Place(run.key, run.createdAtMicros));
  }
}
