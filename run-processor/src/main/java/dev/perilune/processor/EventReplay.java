package dev.perilune.processor;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.consume.BatchStep;
import dev.perilune.processor.consume.Replay;
import dev.perilune.processor.consume.Replay.Begun;
import dev.perilune.processor.consume.Reread;
import dev.perilune.processor.pipeline.RunPipeline;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Replays events beside running processors and tells how it goes; blocks, for a command line. */
public final class EventReplay implements AutoCloseable {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(300);
  private static final long PRICES_SECONDS = 30;
  private static final long CLOSE_SECONDS = 5;

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final ProcessorSettings settings;
  private final Database database;
  private final Replay replay;

  public EventReplay(ProcessorSettings settings) {
    this.settings = settings;
    this.database = Database.open(vertx, settings.pg(), meters);
    this.replay = new Replay(settings.consumer(), database);
  }

  /** Hears how a replay goes, from the thread that runs it. */
  public interface Listener {
    /** What is going to be read again. */
    void begun(long events, int letters);

    /** Called again and again until all are done, and then once more. */
    void done(long events);
  }

  /**
   * Sets the offsets back and waits until the processors are where they were.
   *
   * @throws TimeoutException if the brokers do not answer
   */
  public void rewind(Instant from, Listener listener)
      throws InterruptedException, ExecutionException, TimeoutException {
    Begun begun = replay.rewind(from);
    listener.begun(begun.events(), begun.letters());
    long done = replay.done(begun);
    while (done < begun.events()) {
      listener.done(done);
      TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL.toMillis());
      done = replay.done(begun);
    }
    listener.done(done);
  }

  /**
   * Reads events of a time, or of a project, again here.
   *
   * @param to null for now
   * @param project null for all
   * @throws TimeoutException if the brokers or the prices do not come
   */
  public void reread(
      Instant from, @Nullable Instant to, @Nullable ProjectId project, Listener listener)
      throws InterruptedException, ExecutionException, TimeoutException {
    Prices prices = Prices.start(vertx, database, settings.priceReload());
    try {
      prices.loaded().await(PRICES_SECONDS, TimeUnit.SECONDS);
      RunPipeline pipeline = new RunPipeline(prices);
      BatchStep step = (tx, records) -> pipeline.write(tx, records).rejected();
      try (Reread reread = replay.reread(from, to, project, step)) {
        listener.begun(reread.begun().events(), reread.begun().letters());
        while (reread.some() && reread.done() < reread.begun().events()) {
          listener.done(reread.done());
        }
        listener.done(reread.done());
      }
    } finally {
      prices.close();
    }
  }

  @Override
  public void close() {
    replay.close();
    try {
      database.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
      // by itself: a chain would wait for an event loop that this ends
      vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // the process ends anyway
    }
    meters.close();
  }
}
