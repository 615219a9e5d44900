package dev.perilune.processor.pipeline;

import dev.perilune.model.ReportedUsage;
import dev.perilune.model.RunKey;
import dev.perilune.model.Stamp;
import dev.perilune.model.StampedMap;
import dev.perilune.model.wire.Metadata;
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

/** One run while a batch is merged into it ({@link RunEvents}). */
final class RunState {
  static final String HIDDEN = "\"__NOT_INGESTED__\"";

  /** An error whose text is hidden. */
  static final String HIDDEN_ERROR = "{\"message\":" + HIDDEN + "}";

  static final String THREAD = "thread";

  /** Type of what others saw of a run that has not come. */
  static final String WAITING = "supplement";

  static final String UNKNOWN = "unknown";

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

  void takeParams(@Nullable String json) {
    plainParams = json;
    payload.set(Part.PARAMS, json);
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

  /** A thread began no later than its first message. */
  long startOfRun(long startedAtMicros) {
    Stamp message = fold.threadFirst;
    return message == null ? startedAtMicros : Math.min(startedAtMicros, message.atMicros());
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

  void namedBy(@Nullable Long user, Stamp stamp) {
    Word known = fold.lateUser;
    if (user != null && stamp.isBefore(known == null ? null : known.stamp())) {
      fold.lateUser = new Word(stamp, user.toString());
      changed = true;
      toLink = true;
    }
  }

  static @Nullable Usage usage(Stamp stamp, @Nullable ReportedUsage reported) {
    return reported == null
        ? null
        : new Usage(stamp, reported.prompt(), reported.completion(), reported.promptCached());
  }
}
