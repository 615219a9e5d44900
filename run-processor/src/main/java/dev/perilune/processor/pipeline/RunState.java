package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent;
import dev.perilune.model.RunKey;
import dev.perilune.model.RunStatus;
import dev.perilune.model.Stamp;
import dev.perilune.model.StampedMap;
import dev.perilune.model.wire.Metadata;
import dev.perilune.processor.pipeline.RunFold.Copy;
import dev.perilune.processor.pipeline.RunFold.Usage;
import dev.perilune.processor.pipeline.RunFold.Word;
import dev.perilune.processor.store.LinkSql.Parent;
import dev.perilune.processor.store.Payload;
import dev.perilune.processor.store.Payload.Part;
import dev.perilune.processor.store.RunFigures;
import dev.perilune.processor.store.StoredRun;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run while a batch is merged into it. Applying events is order-free and repeatable: every part
 * of the run has a rule, over the events themselves, for which event gives it ({@link RunFold}).
 */
final class RunState {
  static final String HIDDEN = "\"__NOT_INGESTED__\"";

  /** An error whose text is hidden. */
  static final String HIDDEN_ERROR = "{\"message\":" + HIDDEN + "}";

  static final String THREAD = "thread";

  /** Type of what others saw of a run that has not come. */
  static final String WAITING = "supplement";

  private static final String UNKNOWN = "unknown";

  final RunKey key;
  final RunFold fold;
  final @Nullable StoredRun stored;
  final Payload payload = new Payload();
  final Links links = new Links();
  final Priced priced = new Priced();
  final Labels labels;

  long createdAtMicros;
  @Nullable Long endedAtMicros;
  String type = UNKNOWN;
  @Nullable String name;
  @Nullable String status;
  @Nullable Integer templateVersionId;
  @Nullable String runtime;
  @Nullable String feedback;
  @Nullable Long startUserId;

  boolean changed;

  /** Its own parameters, as far as this batch tells or read them. */
  @Nullable String plainParams;

  /** Whether its place below its parent, or its own user, must be settled again. */
  boolean toLink;

  RunState(RunKey key, RunFold fold, @Nullable StoredRun stored) {
    this.key = key;
    this.fold = fold;
    this.stored = stored;
    this.labels = new Labels(fold);
  }

  /** Whether anything says that this run exists; feedback and what others saw of it do not. */
  boolean exists() {
    return fold.start != null || fold.first != null || fold.threadFirst != null || fold.exchange;
  }

  /** Whether others saw something of it that is kept until the run comes. */
  boolean isWaiting() {
    return !exists() && fold.suppliedFirst != null;
  }

  /** Whether readers could not see it before. */
  boolean isNew() {
    return stored == null || stored.row().isWaiting();
  }

  /** The user that the run's own events name. */
  @Nullable Long ownUserId() {
    Word late = fold.lateUser;
    return startUserId != null ? startUserId : late != null ? Long.valueOf(late.text()) : null;
  }

  @Nullable RunKey parentKey() {
    return links.parentId == null ? null : new RunKey(key.project(), links.parentId);
  }

  boolean isOrphan() {
    return links.parentId != null && links.parentType == null;
  }

  /** Hangs it below its parent, or below nothing. */
  void link(@Nullable Parent parent) {
    String parentType = parent == null ? null : parent.type();
    Long user = parent == null || parent.userId() == null ? ownUserId() : parent.userId();
    String agent = parent == null ? null : parent.agent();
    if (RunFigures.isTopAgent(type, links.parentId, parentType)) {
      agent = RunFigures.label(name);
    }
    changed |=
        !Objects.equals(parentType, links.parentType)
            || !Objects.equals(user, links.userId)
            || !Objects.equals(agent, links.agent);
    links.parentType = parentType;
    links.userId = user;
    links.agent = agent;
  }

  /** What children need to know of it. */
  Parent asParent() {
    return new Parent(type, links.userId, links.agent, links.trace);
  }

  /** Whether its children know it otherwise. */
  boolean looksOtherToChildren() {
    return !asParent().equals(links.shown);
  }

  void showToChildren() {
    links.shown = asParent();
  }

  void apply(RunEvent.OfRun event, @Nullable Long user) {
    if (event instanceof RunEvent.Started started) {
      apply(started, user);
    } else if (event instanceof RunEvent.Ended ended) {
      apply(ended, user);
    } else if (event instanceof RunEvent.Failed failed) {
      apply(failed, user);
    } else if (event instanceof RunEvent.Updated updated) {
      apply(updated);
    } else if (event instanceof RunEvent.Supplied supplied) {
      Supplements.apply(this, supplied, user);
    }
    Supplements.settle(this);
  }

  private void apply(RunEvent.Started event, @Nullable Long user) {
    Copy copy = new Copy(event.spanEndedAtMicros(), event.stamp());
    if (!copy.isAbove(fold.startCopy())) {
      SpanCopies.fill(this, event, user, copy);
      return;
    }
    boolean replaces = fold.start != null && fold.spanEnd == 0;
    SpanCopies.keep(this, event, user);
    fold.start = event.stamp();
    fold.spanEnd = event.spanEndedAtMicros();
    changed = true;
    toLink = true;
    priced.stale = true;
    createdAtMicros = startOfRun(event.stamp().atMicros());
    status = fold.done == null ? RunStatus.STARTED.wireName() : status;
    type = event.type();
    name = event.name() != null ? event.name() : text(fold.endName);
    links.parentId = event.parentId();
    fold.parentSpan = event.parentSpan();
    templateVersionId = fold.templateCopy == null ? event.templateVersionId() : templateVersionId;
    runtime = event.runtime();
    startUserId = fold.userCopy == null ? user : startUserId;
    fold.spanUser = fold.spanEnd != 0 && startUserId != null;
    fold.startUsage = usage(event.stamp(), event.usage());
    fold.hidden |= HIDDEN.equals(event.inputJson());
    fold.ownInput = event.inputJson() != null || fold.inputCopy != null;
    if (fold.lateInput == null && (event.inputJson() != null || replaces)) {
      payload.set(Part.INPUT, event.inputJson());
    }
    fold.ownParams = event.paramsJson() != null || fold.paramsCopy != null;
    if (event.paramsJson() != null || replaces) {
      takeParams(event.paramsJson());
    }
    fold.ownTags = event.tags() != null || fold.tagsCopy != null;
    labels.start(event.tags(), event.metadata());
    hide();
  }

  void takeParams(@Nullable String json) {
    plainParams = json;
    payload.set(Part.PARAMS, json);
  }

  private void apply(RunEvent.Ended event, @Nullable Long user) {
    Stamp stamp = event.stamp();
    seenWithoutStart(stamp, event.type(), event.name());
    finished(stamp, RunStatus.SUCCESS);
    if (event.outputJson() != null && stamp.isAfter(fold.output)) {
      fold.output = stamp;
      payload.set(Part.OUTPUT, event.outputJson());
      changed = true;
      priced.stale = true;
    }
    if (event.inputJson() != null && stamp.isAfter(fold.lateInput)) {
      fold.lateInput = stamp;
      payload.set(Part.INPUT, event.inputJson());
      fold.hidden |= HIDDEN.equals(event.inputJson());
      changed = true;
      priced.stale = true;
    }
    Usage last = fold.usage;
    if (event.usage() != null && stamp.isAfter(last == null ? null : last.stamp())) {
      fold.usage = usage(stamp, event.usage());
      changed = true;
      priced.stale = true;
    }
    changed |= labels.addTags(event.tags()) | labels.addMetadata(event.metadata(), stamp);
    namedBy(user, stamp);
    hide();
  }

  private void apply(RunEvent.Failed event, @Nullable Long user) {
    seenWithoutStart(event.stamp(), event.type(), event.name());
    finished(event.stamp(), RunStatus.ERROR);
    if (event.stamp().isAfter(fold.error)) {
      fold.error = event.stamp();
      fold.bareError = Supplements.saysNothing(event.errorJson());
      payload.set(Part.ERROR, event.errorJson());
      changed = true;
    }
    namedBy(user, event.stamp());
    hide();
  }

  private void apply(RunEvent.Updated event) {
    seenWithoutStart(event.stamp(), "llm", null);
    changed |= labels.replaceMetadata(event.metadata(), event.stamp());
  }

  /** Adds feedback. */
  void join(StampedMap given) {
    fold.feedback.join(given);
    if (!fold.feedback.isEmpty()) {
      Map<String, String> all = new LinkedHashMap<>();
      fold.feedback.layOver(all);
      feedback = Metadata.object(all);
      changed = true;
    }
  }

  /** Takes what people set; it stands whatever events say. */
  void edit(StampedMap given) {
    if (!given.isEmpty()) {
      fold.edits.join(given);
      labels.edit();
      changed = true;
    }
  }

  /** Drops all feedback, before what still holds is joined again. */
  void forgetFeedback() {
    fold.feedback = new StampedMap();
    feedback = null;
    changed = true;
  }

  /** A message or event of the thread that this run is. */
  void applyToThread(RunEvent.OfThread event, @Nullable Long user) {
    Stamp stamp = event.stamp();
    String messageJson = event instanceof RunEvent.Said said ? said.messageJson() : null;
    if (fold.start == null) {
      type = THREAD;
    }
    if (stamp.isBefore(fold.threadFirst)) {
      fold.threadFirst = stamp;
      createdAtMicros = fold.start == null ? stamp.atMicros() : startOfRun(fold.start.atMicros());
      if (fold.start == null) {
        labels.metadata = event.threadMetadataJson();
      }
    }
    if (messageJson != null && stamp.isAfter(fold.threadLast)) {
      fold.threadLast = stamp;
      payload.set(Part.INPUT, messageJson);
    }
    if (user != null && stamp.isAfter(fold.threadUser)) {
      fold.threadUser = stamp;
      startUserId = user;
      toLink = true;
    }
    labels.addTags(event.threadTags());
    changed = true;
  }

  /** A thread began no later than its first message. */
  private long startOfRun(long startedAtMicros) {
    Stamp message = fold.threadFirst;
    return message == null ? startedAtMicros : Math.min(startedAtMicros, message.atMicros());
  }

  private void seenWithoutStart(Stamp stamp, @Nullable String endType, @Nullable String endName) {
    named(stamp, endName);
    if (fold.start != null) {
      return;
    }
    Word lastType = fold.endType;
    if (isWaiting()) {
      type = UNKNOWN;
    }
    if (endType != null && stamp.isAfter(lastType == null ? null : lastType.stamp())) {
      fold.endType = new Word(stamp, endType);
      type = endType;
      changed = true;
      toLink = true;
    }
    if (stamp.isBefore(fold.first)) {
      fold.first = stamp;
      createdAtMicros = stamp.atMicros();
      changed = true;
    }
  }

  /** Takes a name that counts as long as the start gives none. */
  void named(Stamp stamp, @Nullable String endName) {
    Word lastName = fold.endName;
    if (endName != null && stamp.isAfter(lastName == null ? null : lastName.stamp())) {
      fold.endName = new Word(stamp, endName);
      String now = name == null || fold.start == null ? endName : name;
      toLink |= !now.equals(name);
      name = now;
      priced.stale = true;
      changed = true;
    }
  }

  /** Keeps what others saw for the run, if it has not come. */
  void seenByOthers(Stamp stamp) {
    if (!exists() && stamp.isBefore(fold.suppliedFirst)) {
      fold.suppliedFirst = stamp;
      createdAtMicros = stamp.atMicros();
      type = WAITING;
    }
  }

  private void finished(Stamp stamp, RunStatus how) {
    if (stamp.isAfter(fold.done)) {
      fold.done = stamp;
      endedAtMicros = stamp.atMicros();
      status = how.wireName();
      changed = true;
      priced.stale = true;
    }
  }

  void namedBy(@Nullable Long user, Stamp stamp) {
    Word known = fold.lateUser;
    if (user != null && stamp.isBefore(known == null ? null : known.stamp())) {
      fold.lateUser = new Word(stamp, user.toString());
      changed = true;
      toLink = true;
    }
  }

  /** What must not be stored stays out, whichever event said so first. */
  private void hide() {
    if (fold.hidden && (fold.output != null || payload.isSet(Part.OUTPUT))) {
      payload.set(Part.OUTPUT, HIDDEN);
    }
    if (fold.hidden && fold.error != null) {
      payload.set(Part.ERROR, HIDDEN_ERROR);
    }
    if (fold.hidden && fold.lateInput != null) {
      payload.set(Part.INPUT, HIDDEN);
    }
  }

  private static @Nullable String text(@Nullable Word word) {
    return word == null ? null : word.text();
  }

  static @Nullable Usage usage(Stamp stamp, dev.perilune.model.@Nullable ReportedUsage reported) {
    return reported == null
        ? null
        : new Usage(stamp, reported.prompt(), reported.completion(), reported.promptCached());
  }
}
