package dev.perilune.ingest.otlp;

import dev.perilune.ingest.intake.EventIntake;
import dev.perilune.ingest.intake.IngestResult;
import dev.perilune.ingest.intake.Origin;
import dev.perilune.ingest.intake.Origins;
import dev.perilune.ingest.otlp.decode.Items;
import dev.perilune.ingest.otlp.decode.Undecodable;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.runtime.auth.ApiKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Hands the events of spans and records to the intake, some megabytes at a time and the next only
 * when the broker has the former, so that the largest request needs no more than its own bytes and
 * a little.
 */
final class OtlpIntake {
  private static final int SLICE_BYTES = 4 << 20;

  /** A larger body keeps a core busy for some milliseconds. */
  private static final int INLINE_BYTES = 128 * 1024;

  private final EventIntake intake;
  private final ApiKeys keys;

  OtlpIntake(EventIntake intake, ApiKeys keys) {
    this.intake = intake;
    this.keys = keys;
  }

  /** Turns one item into events. */
  interface Translation<T> {
    /** Adds the item's events; returns why it is rejected, null if it is not. */
    @Nullable String apply(T item, List<IncomingEvent> events);
  }

  /**
   * Takes all items.
   *
   * @param bodyBytes of the request; a large one is worked on beside the event loop
   */
  <T> Future<Tally> take(
      Context context,
      Origin origin,
      Signal signal,
      int bodyBytes,
      Callable<Items<T>> decoding,
      Translation<T> translation) {
    boolean large = bodyBytes > INLINE_BYTES;
    return run(context, large, decoding)
        .compose(
            items -> new Delivery<>(context, origin, large, items, translation, signal).next());
  }

  private static <R> Future<R> run(Context context, boolean large, Callable<R> work) {
    if (large) {
      return context.executeBlocking(work, false);
    }
    try {
      return Future.succeededFuture(work.call());
    } catch (Exception failure) {
      return Future.failedFuture(failure);
    }
  }

  /** One request on its way. */
  private final class Delivery<T> {
    private final Context context;
    private final Origin origin;
    private final boolean large;
    private final Items<T> items;
    private final Translation<T> translation;
    private final Tally tally;
    private int done;

    /** Which item each event of the slice is of, by the event's place. */
    private final List<Integer> owners = new ArrayList<>();

    Delivery(
        Context context,
        Origin origin,
        boolean large,
        Items<T> items,
        Translation<T> translation,
        Signal signal) {
      this.context = context;
      this.origin = origin;
      this.large = large;
      this.items = items;
      this.translation = translation;
      this.tally = new Tally(signal);
    }

    Future<Tally> next() {
      return run(context, large, this::slice).compose(this::publish).compose(this::goOn);
    }

    private Future<Tally> goOn(@Nullable Void published) {
      return done < items.size() ? next() : Future.succeededFuture(tally);
    }

    private List<IncomingEvent> slice() throws Undecodable {
      List<IncomingEvent> events = new ArrayList<>();
      owners.clear();
      long bytes = 0;
      while (done < items.size() && bytes < SLICE_BYTES) {
        int before = events.size();
        String rejection = translation.apply(items.get(done++), events);
        if (rejection != null) {
          tally.reject(rejection);
        }
        for (IncomingEvent event : events.subList(before, events.size())) {
          bytes += event.length();
          owners.add(done);
        }
      }
      return events;
    }

    private Future<Void> publish(List<IncomingEvent> events) {
      if (events.isEmpty()) {
        return Future.succeededFuture();
      }
      return Origins.of(origin, events, keys)
          .compose(
              origins ->
                  run(context, large, () -> intake.accept(context, events, origins))
                      .compose(accepted -> accepted))
          .map(this::count);
    }

    /**
     * What the intake refuses by itself is rare: an event that its limits are too small for. The
     * item that it is of counts once.
     */
    private @Nullable Void count(IngestResult result) {
      Set<Integer> rejected = new HashSet<>();
      for (int i = 0; i < result.size(); i++) {
        String refusal = result.refusals()[i];
        if (refusal != null && rejected.add(owners.get(result.places()[i]))) {
          tally.reject("not taken: " + refusal);
        }
      }
      return null;
    }
  }
}
