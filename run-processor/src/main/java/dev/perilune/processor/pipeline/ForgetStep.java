package dev.perilune.processor.pipeline;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunEvent;
import dev.perilune.model.RunEvent.Logged;
import dev.perilune.model.RunEvent.OfRun;
import dev.perilune.model.RunEvent.OfThread;
import dev.perilune.model.RunEvent.Said;
import dev.perilune.model.RunEvent.Started;
import dev.perilune.model.RunKey;
import dev.perilune.model.UserReport;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.store.ForgottenSql;
import dev.perilune.processor.store.ForgottenSql.Tombstone;
import dev.perilune.processor.store.Tx;
import dev.perilune.processor.store.UserSql.UserKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Drops the events of what was deleted: of deleted runs, of runs that begin below them, and of
 * erased users as far as they were received before. A run that is dropped only now is remembered as
 * deleted, so that its end, which may not name its user, follows it.
 */
final class ForgetStep {
  private final Batch batch;
  private final Set<ProjectId> forgetful;
  private final Map<RunKey, Tombstone> tombstones = new HashMap<>();
  private final Set<RunKey> gone = new HashSet<>();

  /** Conversations of erased users, with the time up to which they are gone. */
  private final Map<RunKey, Long> threads = new HashMap<>();

  private ForgetStep(Batch batch, Set<ProjectId> forgetful) {
    this.batch = batch;
    this.forgetful = forgetful;
  }

  /** Takes the projects that ever deleted anything; events of others are not looked at. */
  static void run(Tx tx, Batch batch, Set<ProjectId> forgetful) {
    if (!forgetful.isEmpty()) {
      new ForgetStep(batch, forgetful).run(tx);
    }
  }

  private void run(Tx tx) {
    Map<UserKey, Long> erased = ForgottenSql.users(tx, users());
    if (!erased.isEmpty()) {
      dropUsers(tx, erased);
    }
    Set<RunKey> named = inReach().flatMap(ForgetStep::names).collect(Collectors.toSet());
    tombstones.putAll(ForgottenSql.runs(tx, named));
    threads.keySet().removeAll(tombstones.keySet());
    threads.forEach((thread, at) -> tombstones.put(thread, new Tombstone(at, true)));
    if (!tombstones.isEmpty() || !gone.isEmpty()) {
      dropWhatIsDeleted();
    }
    gone.removeAll(tombstones.keySet());
    ForgottenSql.forget(tx, gone);
    ForgottenSql.forgetThreads(tx, threads);
  }

  /**
   * The end of a run that somebody else began may name an erased user too, and so may a message in
   * somebody else's conversation. Then nothing but the event goes.
   */
  private void dropUsers(Tx tx, Map<UserKey, Long> erased) {
    Set<RunKey> others = new HashSet<>();
    Set<RunKey> mentioned = new HashSet<>();
    for (Item item : inReach().toList()) {
      RunKey whole = whole(item);
      long erasedAt = erased.getOrDefault(user(item), Long.MIN_VALUE);
      boolean isErased = erasedAt >= item.receivedAtMicros();
      if (whole == null || user(item) == null) {
        continue;
      }
      if (!isErased && !isLaterWord(item.event())) {
        others.add(whole);
      } else if (isErased && item.event() instanceof OfThread) {
        threads.merge(whole, erasedAt, Math::max);
      } else if (isErased && isLaterWord(item.event())) {
        mentioned.add(whole);
      }
    }
    drop(item -> erased.getOrDefault(user(item), Long.MIN_VALUE) >= item.receivedAtMicros());
    Set<RunKey> doubtful = new HashSet<>(mentioned);
    doubtful.addAll(threads.keySet());
    others.addAll(ForgottenSql.owned(tx, doubtful));
    threads.keySet().removeAll(others);
    mentioned.retainAll(others);
    gone.removeAll(mentioned);
  }

  /** The run or the conversation that an event is part of; log lines and feedback are of none. */
  private static @Nullable RunKey whole(Item item) {
    if (item.event() instanceof OfThread ofThread) {
      return item.runKey(ofThread.threadId());
    }
    boolean isPart = item.event() instanceof OfRun && !(item.event() instanceof RunEvent.Judged);
    return isPart ? item.runKey(((OfRun) item.event()).runId()) : null;
  }

  private static boolean isLaterWord(RunEvent event) {
    return event instanceof OfRun && !(event instanceof Started);
  }

  /** A run below one that is dropped is dropped too, until no more is found. */
  private void dropWhatIsDeleted() {
    int before;
    do {
      before = batch.items.size();
      drop(item -> names(item).anyMatch(name -> isDeleted(name, item)));
    } while (batch.items.size() < before);
  }

  private boolean isDeleted(RunKey name, Item item) {
    Tombstone tombstone = tombstones.get(name);
    return gone.contains(name) || tombstone != null && tombstone.holds(item.receivedAtMicros());
  }

  private void drop(Predicate<Item> isDropped) {
    batch.items.removeIf(
        item -> {
          boolean dropped = forgetful.contains(item.project()) && isDropped.test(item);
          UUID own = dropped ? own(item.event()) : null;
          if (own != null) {
            gone.add(item.runKey(own));
          }
          return dropped;
        });
  }

  private List<UserKey> users() {
    return inReach().map(ForgetStep::user).filter(Objects::nonNull).distinct().toList();
  }

  private Stream<Item> inReach() {
    return batch.items.stream().filter(item -> forgetful.contains(item.project()));
  }

  private static @Nullable UserKey user(Item item) {
    UserReport user = item.event().user();
    return user == null ? null : new UserKey(item.project(), user.externalId());
  }

  /** The run that the event makes; feedback and log lines make none. */
  private static @Nullable UUID own(RunEvent event) {
    if (event instanceof RunEvent.Judged) {
      return null;
    }
    if (event instanceof Said said) {
      return said.messageId();
    }
    if (event instanceof RunEvent.Happened happened) {
      return happened.eventId();
    }
    return event instanceof OfRun ofRun ? ofRun.runId() : null;
  }

  /** Every id that the event is about, or below. */
  private static Stream<RunKey> names(Item item) {
    RunEvent event = item.event();
    Stream<UUID> ids = Stream.empty();
    if (event instanceof Started started) {
      ids = Stream.of(started.runId(), started.parentId());
    } else if (event instanceof OfRun ofRun) {
      ids = Stream.of(ofRun.runId());
    } else if (event instanceof OfThread ofThread) {
      ids = Stream.of(ofThread.threadId(), own(event));
    } else if (event instanceof RunEvent.Scored scored) {
      ids = Stream.of(scored.runId());
    } else if (event instanceof Logged logged) {
      ids = Stream.of(logged.runId(), logged.parentId());
    }
    return ids.filter(Objects::nonNull).map(item::runKey);
  }
}
