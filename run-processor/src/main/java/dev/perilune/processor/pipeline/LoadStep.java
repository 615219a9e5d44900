package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent;
import dev.perilune.model.RunEvent.Started;
import dev.perilune.model.RunKey;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.StoredRun;
import dev.perilune.processor.store.Tx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what is stored of the runs that a batch speaks of. Runs lie in partitions by start time, so
 * it looks around the time of their events first, then into the directory of strays, and everywhere
 * only for runs of which the batch has no start near its time of receipt.
 */
final class LoadStep {
  /** A start this far from its receipt says little about where else its run may be. */
  static final long FAR_MICROS = Duration.ofDays(4).toNanos() / 1000;

  private final Tx tx;
  private final Batch batch;
  private final Set<RunKey> wanted = new HashSet<>();
  private final Set<RunKey> startsHere = new HashSet<>();
  private final Neighbourhood near = new Neighbourhood();

  LoadStep(Tx tx, Batch batch) {
    this.tx = tx;
    this.batch = batch;
  }

  /** Loads the runs of these events, but of feedback that no span gave only those listed. */
  void run(Collection<Item> items, Set<RunKey> judged) {
    for (Item item : items) {
      RunEvent event = item.event();
      if (event instanceof RunEvent.Judged judgement) {
        RunKey key = item.runKey(judgement.runId());
        if (judged.contains(key) || item.span() != null) {
          want(key, item);
        }
      } else if (event instanceof RunEvent.Scored scored && item.span() != null) {
        want(item.runKey(scored.runId()), item);
      } else if (event instanceof RunEvent.OfRun ofRun) {
        want(item.runKey(ofRun.runId()), item);
      } else if (event instanceof RunEvent.OfThread ofThread) {
        want(item.runKey(ofThread.threadId()), item);
      }
    }
    wanted.removeAll(batch.states.keySet());
    if (wanted.isEmpty()) {
      return;
    }
    if (!near.isEmpty()) {
      take(RunSql.near(tx, wanted, near.from(), near.to()));
    }
    List<Place> strays = RunSql.strays(tx, wanted);
    strays.forEach(place -> batch.strays.add(place.key()));
    take(RunSql.at(tx, strays));
    wanted.removeAll(startsHere);
    take(RunSql.anywhere(tx, wanted));
  }

  private void want(RunKey key, Item item) {
    wanted.add(key);
    long at = item.event().stamp().atMicros();
    if (!isFar(at, item.receivedAtMicros())) {
      near.add(at);
      if (item.event() instanceof Started) {
        startsHere.add(key);
      }
    }
  }

  static boolean isFar(long atMicros, long receivedAtMicros) {
    return Math.abs(atMicros - receivedAtMicros) > FAR_MICROS;
  }

  private void take(Collection<StoredRun> runs) {
    for (StoredRun run : runs) {
      batch.states.put(run.row().key(), RunRows.load(run));
      wanted.remove(run.row().key());
    }
  }
}
