package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent.Started;
import dev.perilune.model.Stamp;
import dev.perilune.processor.pipeline.RunFold.Copy;
import dev.perilune.processor.store.Payload.Part;
import org.jspecify.annotations.Nullable;

/**
 * Several copies of one span, which tell different things: that which ended last counts, but for
 * what it does not tell, which then comes of the next that does. Starts that no span tells of have
 * no such copies.
 */
final class SpanCopies {
  private SpanCopies() {}

  /** Notes, before the given start takes the place of the one that counts, what that one gave. */
  static void keep(RunState run, Started next, @Nullable Long nextUser) {
    RunFold fold = run.fold;
    Copy before = fold.spanEnd == 0 ? null : fold.startCopy();
    if (before != null) {
      run.labels.supplyStart(before.stamp());
    }
    fold.inputCopy = giver(next.inputJson(), fold.ownInput, fold.inputCopy, before);
    fold.paramsCopy = giver(next.paramsJson(), fold.ownParams, fold.paramsCopy, before);
    fold.tagsCopy = giver(next.tags(), fold.ownTags, fold.tagsCopy, before);
    fold.templateCopy =
        giver(next.templateVersionId(), run.templateVersionId != null, fold.templateCopy, before);
    fold.userCopy = giver(nextUser, run.startUserId != null, fold.userCopy, before);
  }

  /** The copy that gives a part which the next one may give itself. */
  private static @Nullable Copy giver(
      @Nullable Object next, boolean isGiven, @Nullable Copy known, @Nullable Copy before) {
    if (next != null) {
      return null;
    }
    return known != null || !isGiven ? known : before;
  }

  /** Takes of a copy that does not count what those above it leave open. */
  static void fill(RunState run, Started event, @Nullable Long user, Copy copy) {
    RunFold fold = run.fold;
    if (copy.spanEnd() == 0 || isSame(copy.stamp(), fold.start)) {
      return;
    }
    fold.hidden |= RunState.HIDDEN.equals(event.inputJson());
    if (isOpen(event.inputJson(), fold.ownInput, fold.inputCopy, copy)) {
      fold.inputCopy = copy;
      fold.ownInput = true;
      if (fold.lateInput == null) {
        run.payload.set(Part.INPUT, event.inputJson());
      }
      run.priced.stale = true;
    }
    if (isOpen(event.paramsJson(), fold.ownParams, fold.paramsCopy, copy)) {
      fold.paramsCopy = copy;
      fold.ownParams = true;
      run.takeParams(event.paramsJson());
    }
    fillLabels(run, event, user, copy);
    run.changed = true;
  }

  private static void fillLabels(RunState run, Started event, @Nullable Long user, Copy copy) {
    RunFold fold = run.fold;
    if (isOpen(event.tags(), fold.ownTags, fold.tagsCopy, copy)) {
      fold.tagsCopy = copy;
      fold.ownTags = true;
      run.labels.startTags(event.tags());
    }
    boolean hasTemplate = run.templateVersionId != null;
    if (isOpen(event.templateVersionId(), hasTemplate, fold.templateCopy, copy)) {
      fold.templateCopy = copy;
      run.templateVersionId = event.templateVersionId();
    }
    if (isOpen(user, run.startUserId != null, fold.userCopy, copy)) {
      fold.userCopy = copy;
      fold.spanUser = true;
      run.startUserId = user;
      run.toLink = true;
    }
    run.labels.supplyMetadata(event.metadata(), event.stamp());
    run.priced.stale |= !event.metadata().isEmpty();
  }

  private static boolean isOpen(
      @Nullable Object given, boolean isGiven, @Nullable Copy giver, Copy copy) {
    return given != null && (!isGiven || giver != null) && copy.isAbove(giver);
  }

  /** The same event, which may be delivered at another place of its request. */
  private static boolean isSame(Stamp one, @Nullable Stamp other) {
    return other != null && one.atMicros() == other.atMicros() && one.tie() == other.tie();
  }
}
