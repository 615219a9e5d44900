package dev.perilune.processor;

import dev.perilune.processor.consume.RefusedLetters;
import dev.perilune.processor.consume.RunConsumer;
import dev.perilune.processor.consume.RunsTopic;
import dev.perilune.processor.jobs.JobWorker;
import dev.perilune.processor.pipeline.RunPipeline;
import dev.perilune.processor.search.SearchIndexer;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** The processor as a part of a process: consumer, prices and weekly tables over one database. */
public final class RunProcessor {
  private final Vertx vertx;
  private final ProcessorSettings settings;
  private final Meters meters;
  private final Database database;
  private final Prices prices;
  private final Repeated tables;
  private final Repeated young;
  private @Nullable RunConsumer consumer;
  private @Nullable RefusedLetters letters;
  private @Nullable RunsTopic topic;
  private @Nullable SearchIndexer indexer;
  private @Nullable JobWorker jobs;
  private boolean closed;

  private RunProcessor(Vertx vertx, ProcessorSettings settings, Meters meters) {
    this.vertx = vertx;
    this.settings = settings;
    this.meters = meters;
    this.database = Database.open(vertx, settings.pg(), meters);
    this.prices = Prices.start(vertx, database, settings.priceReload());
    this.tables = WeeklyTables.start(vertx, database);
    this.young = YoungTables.start(vertx, database);
  }

  /**
   * Starts; never fails. Brokers and database may be away: the part {@code processor} of {@code
   * health} is up once events are stored.
   */
  public static Future<RunProcessor> start(
      Vertx vertx, ProcessorSettings settings, Health health, Meters meters) {
    RunProcessor processor = new RunProcessor(vertx, settings, meters);
    health.register("processor", () -> Future.succeededFuture(processor.isWorking()));
    // no run may be priced before the organisations' own prices are known
    processor.prices.loaded().onSuccess(loaded -> processor.consume());
    return Future.succeededFuture(processor);
  }

  /** Finishes the batch in hand or rolls it back and leaves the group; within five seconds. */
  public Future<Void> close() {
    prices.close();
    tables.close();
    young.close();
    return vertx
        .<Void>executeBlocking(
            () -> {
              stopConsumers();
              return null;
            })
        .eventually(database::close);
  }

  private synchronized void consume() {
    if (!closed) {
      RunPipeline pipeline = new RunPipeline(prices);
      topic = RunsTopic.start(settings.consumer(), meters);
      PipelineStep step = new PipelineStep(pipeline, topic, meters);
      RunConsumer running = RunConsumer.start(settings.consumer(), database, step, meters);
      consumer = running;
      letters = RefusedLetters.start(settings.consumer(), database);
      indexer = SearchIndexer.start(database, running::isBehind, meters);
      jobs = JobWorker.start(database, settings.priceReload());
    }
  }

  private void stopConsumers() {
    RunConsumer running;
    RefusedLetters reading;
    RunsTopic telling;
    SearchIndexer indexing;
    JobWorker working;
    synchronized (this) {
      closed = true;
      running = consumer;
      reading = letters;
      telling = topic;
      indexing = indexer;
      working = jobs;
    }
    if (indexing != null) {
      indexing.close();
    }
    if (working != null) {
      working.close();
    }
    if (reading != null) {
      reading.close();
    }
    if (running != null) {
      running.close();
    }
    if (telling != null) {
      telling.close();
    }
  }

  private synchronized boolean isWorking() {
    return consumer != null && consumer.isWorking();
  }
}
