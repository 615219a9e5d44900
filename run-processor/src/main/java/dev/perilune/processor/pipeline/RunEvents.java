package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent;
import dev.perilune.model.RunStatus;
import dev.perilune.model.Stamp;
import dev.perilune.processor.pipeline.RunFold.Copy;
import dev.perilune.processor.pipeline.RunFold.Usage;
import dev.perilune.processor.pipeline.RunFold.Word;
import dev.perilune.processor.store.Payload.Part;
import org.jspecify.annotations.Nullable;

/**
 * Applies what events say of a run. That is order-free and repeatable: every part of the run has a
 * rule, over the events themselves, for which event gives it ({@link RunFold}).
 */
final class RunEvents {
  private RunEvents() {}

  static void apply(RunState run, RunEvent.OfRun event, @Nullable Long user) {
    if (event instanceof RunEvent.Started started) {
      apply(run, started, user);
    } else if (event instanceof RunEvent.Ended ended) {
      apply(run, ended, user);
    } else if (event instanceof RunEvent.Failed failed) {
      apply(run, failed, user);
    } else if (event instanceof RunEvent.Updated updated) {
      apply(run, updated);
    } else if (event instanceof RunEvent.Supplied supplied) {
      Supplements.apply(run, supplied, user);
    }
    Supplements.settle(run);
  }

  private static void apply(RunState run, RunEvent.Started event, @Nullable Long user) {
    RunFold fold = run.fold;
    Copy copy = new Copy(event.spanEndedAtMicros(), event.stamp());
    if (!copy.isAbove(fold.startCopy())) {
      SpanCopies.fill(run, event, user, copy);
      return;
    }
    boolean replaces = fold.start != null && fold.spanEnd == 0;
    SpanCopies.keep(run, event, user);
    fold.start = event.stamp();
    fold.spanEnd = event.spanEndedAtMicros();
    run.changed = true;
    run.toLink = true;
    run.priced.stale = true;
    run.createdAtMicros = run.startOfRun(event.stamp().atMicros());
    run.status = fold.done == null ? RunStatus.STARTED.wireName() : run.status;
    run.type = event.type();
    run.name = event.name() != null ? event.name() : text(fold.endName);
    run.links.parentId = event.parentId();
    fold.parentSpan = event.parentSpan();
    run.templateVersionId =
        fold.templateCopy == null ? event.templateVersionId() : run.templateVersionId;
    run.runtime = event.runtime();
    run.startUserId = fold.userCopy == null ? user : run.startUserId;
    fold.spanUser = fold.spanEnd != 0 && run.startUserId != null;
    fold.startUsage = RunState.usage(event.stamp(), event.usage());
    takeTexts(run, event, replaces);
    fold.ownTags = event.tags() != null || fold.tagsCopy != null;
    run.labels.start(event.tags(), event.metadata());
    hide(run);
  }

  /**
   * @param replaces whether what the start before it told goes, also where this one tells nothing
   */
  private static void takeTexts(RunState run, RunEvent.Started event, boolean replaces) {
    RunFold fold = run.fold;
    fold.hidden |= RunState.HIDDEN.equals(event.inputJson());
    fold.ownInput = event.inputJson() != null || fold.inputCopy != null;
    if (fold.lateInput == null && (event.inputJson() != null || replaces)) {
      run.payload.set(Part.INPUT, event.inputJson());
    }
    fold.ownParams = event.paramsJson() != null || fold.paramsCopy != null;
    if (event.paramsJson() != null || replaces) {
      run.takeParams(event.paramsJson());
    }
  }

  private static void apply(RunState run, RunEvent.Ended event, @Nullable Long user) {
    RunFold fold = run.fold;
    Stamp stamp = event.stamp();
    seenWithoutStart(run, stamp, event.type(), event.name());
    finished(run, stamp, RunStatus.SUCCESS);
    if (event.outputJson() != null && stamp.isAfter(fold.output)) {
      fold.output = stamp;
      run.payload.set(Part.OUTPUT, event.outputJson());
      run.changed = true;
      run.priced.stale = true;
    }
    if (event.inputJson() != null && stamp.isAfter(fold.lateInput)) {
      fold.lateInput = stamp;
      run.payload.set(Part.INPUT, event.inputJson());
      fold.hidden |= RunState.HIDDEN.equals(event.inputJson());
      run.changed = true;
      run.priced.stale = true;
    }
    Usage last = fold.usage;
    if (event.usage() != null && stamp.isAfter(last == null ? null : last.stamp())) {
      fold.usage = RunState.usage(stamp, event.usage());
      run.changed = true;
      run.priced.stale = true;
    }
    run.changed |=
        run.labels.addTags(event.tags()) | run.labels.addMetadata(event.metadata(), stamp);
    run.namedBy(user, stamp);
    hide(run);
  }

  private static void apply(RunState run, RunEvent.Failed event, @Nullable Long user) {
    RunFold fold = run.fold;
    seenWithoutStart(run, event.stamp(), event.type(), event.name());
    finished(run, event.stamp(), RunStatus.ERROR);
    if (event.stamp().isAfter(fold.error)) {
      fold.error = event.stamp();
      fold.bareError = Supplements.saysNothing(event.errorJson());
      run.payload.set(Part.ERROR, event.errorJson());
      run.changed = true;
    }
    run.namedBy(user, event.stamp());
    hide(run);
  }

  private static void apply(RunState run, RunEvent.Updated event) {
    seenWithoutStart(run, event.stamp(), "llm", null);
    run.changed |= run.labels.replaceMetadata(event.metadata(), event.stamp());
  }

  /** A message or event of the thread that this run is. */
  static void applyToThread(RunState run, RunEvent.OfThread event, @Nullable Long user) {
    RunFold fold = run.fold;
    Stamp stamp = event.stamp();
    String messageJson = event instanceof RunEvent.Said said ? said.messageJson() : null;
    if (fold.start == null) {
      run.type = RunState.THREAD;
    }
    if (stamp.isBefore(fold.threadFirst)) {
      fold.threadFirst = stamp;
      run.createdAtMicros =
          fold.start == null ? stamp.atMicros() : run.startOfRun(fold.start.atMicros());
      if (fold.start == null) {
        run.labels.metadata = event.threadMetadataJson();
      }
    }
    if (messageJson != null && stamp.isAfter(fold.threadLast)) {
      fold.threadLast = stamp;
      run.payload.set(Part.INPUT, messageJson);
    }
    if (user != null && stamp.isAfter(fold.threadUser)) {
      fold.threadUser = stamp;
      run.startUserId = user;
      run.toLink = true;
    }
    run.labels.addTags(event.threadTags());
    run.changed = true;
  }

  private static void seenWithoutStart(
      RunState run, Stamp stamp, @Nullable String endType, @Nullable String endName) {
    RunFold fold = run.fold;
    run.named(stamp, endName);
    if (fold.start != null) {
      return;
    }
    Word lastType = fold.endType;
    if (run.isWaiting()) {
      run.type = RunState.UNKNOWN;
    }
    if (endType != null && stamp.isAfter(lastType == null ? null : lastType.stamp())) {
      fold.endType = new Word(stamp, endType);
      run.type = endType;
      run.changed = true;
      run.toLink = true;
    }
    if (stamp.isBefore(fold.first)) {
      fold.first = stamp;
      run.createdAtMicros = stamp.atMicros();
      run.changed = true;
    }
  }

  private static void finished(RunState run, Stamp stamp, RunStatus how) {
    RunFold fold = run.fold;
    if (stamp.isAfter(fold.done)) {
      fold.done = stamp;
      run.endedAtMicros = stamp.atMicros();
      run.status = how.wireName();
      run.changed = true;
      run.priced.stale = true;
    }
  }

  /** What must not be stored stays out, whichever event said so first. */
  private static void hide(RunState run) {
    RunFold fold = run.fold;
    if (fold.hidden && (fold.output != null || run.payload.isSet(Part.OUTPUT))) {
      run.payload.set(Part.OUTPUT, RunState.HIDDEN);
    }
    if (fold.hidden && fold.error != null) {
      run.payload.set(Part.ERROR, RunState.HIDDEN_ERROR);
    }
    if (fold.hidden && fold.lateInput != null) {
      run.payload.set(Part.INPUT, RunState.HIDDEN);
    }
  }

  private static @Nullable String text(@Nullable Word word) {
    return word == null ? null : word.text();
  }
}
