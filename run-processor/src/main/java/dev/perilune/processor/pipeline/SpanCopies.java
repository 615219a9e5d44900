package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent.Started;
import dev.perilune.processor.pipeline.RunFold.Copy;
import dev.perilune.processor.store.Payload.Part;

/**
 * Several copies of one span, which tell different things: that which ended last counts, but for
 * input and parameters where it has none, which then come of the next that has them. Starts that no
 * span tells of have no such copies.
 */
final class SpanCopies {
  private SpanCopies() {}

  /** Notes, before the given start takes the place of the one that counts, what that one gave. */
  static void keep(RunFold fold, Started next) {
    Copy before = fold.spanEnd == 0 ? null : fold.startCopy();
    Copy input = fold.inputCopy != null || !fold.ownInput ? fold.inputCopy : before;
    Copy params = fold.paramsCopy != null || !fold.ownParams ? fold.paramsCopy : before;
    fold.inputCopy = next.inputJson() == null ? input : null;
    fold.paramsCopy = next.paramsJson() == null ? params : null;
  }

  /** Takes of a copy that does not count what those above it leave open. */
  static void fill(RunState run, Started event, Copy copy) {
    RunFold fold = run.fold;
    if (copy.spanEnd() == 0) {
      return;
    }
    fold.hidden |= RunState.HIDDEN.equals(event.inputJson());
    boolean isInputOpen = !fold.ownInput || fold.inputCopy != null;
    if (event.inputJson() != null && isInputOpen && copy.isAbove(fold.inputCopy)) {
      fold.inputCopy = copy;
      fold.ownInput = true;
      if (fold.lateInput == null) {
        run.payload.set(Part.INPUT, event.inputJson());
      }
      run.changed = true;
      run.priced.stale = true;
    }
    boolean areParamsOpen = !fold.ownParams || fold.paramsCopy != null;
    if (event.paramsJson() != null && areParamsOpen && copy.isAbove(fold.paramsCopy)) {
      fold.paramsCopy = copy;
      fold.ownParams = true;
      run.takeParams(event.paramsJson());
      run.changed = true;
    }
  }
}
