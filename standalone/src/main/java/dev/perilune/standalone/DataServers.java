package dev.perilune.standalone;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.embedded.EmbeddedPostgres;
import dev.perilune.embedded.PortInUse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** The embedded broker and database, as far as no variable names outside ones to use instead. */
final class DataServers {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(4);

  private final CompletableFuture<EmbeddedKafka> kafka;
  private final CompletableFuture<EmbeddedPostgres> postgres;

  private DataServers(
      CompletableFuture<EmbeddedKafka> kafka, CompletableFuture<EmbeddedPostgres> postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  /**
   * Starts what is needed, both at the same time.
   *
   * @return the environment with the addresses of what was started added to it
   */
  static Map<String, String> start(
      StandaloneSettings settings, Map<String, String> environment, ShutdownSteps steps) {
    DataServers servers =
        new DataServers(
            settings.embedsKafka() ? inBackground(() -> kafka(settings)) : notNeeded(),
            settings.embedsPostgres() ? inBackground(() -> postgres(settings)) : notNeeded());
    steps.addBlocking("Kafka and Postgres", STOP_LIMIT, servers::stop);
    Map<String, String> completed = new HashMap<>(environment);
    if (settings.embedsKafka()) {
      completed.put("KAFKA_BOOTSTRAP_SERVERS", join(servers.kafka).bootstrapServers());
    }
    if (settings.embedsPostgres()) {
      completed.put("DATABASE_URL", join(servers.postgres).databaseUrl());
    }
    return completed;
  }

  private static EmbeddedKafka kafka(StandaloneSettings settings) {
    try {
      return EmbeddedKafka.start(settings.dataDir().resolve("kafka"), settings.kafkaPort());
    } catch (PortInUse e) {
      throw refused(e, "PERILUNE_KAFKA_PORT");
    }
  }

  private static EmbeddedPostgres postgres(StandaloneSettings settings) {
    try {
      return EmbeddedPostgres.start(
          settings.dataDir().resolve("postgres"), settings.pgPort(), true);
    } catch (PortInUse e) {
      throw refused(e, "PERILUNE_PG_PORT");
    }
  }

  private static StartRefused refused(PortInUse taken, String setting) {
    return new StartRefused(
        taken.getMessage() + " Choose another with " + setting + ", or unset it for a free one.");
  }

  private static <T> CompletableFuture<T> inBackground(Supplier<T> start) {
    return CompletableFuture.supplyAsync(start, task -> new Thread(task, "start").start());
  }

  private static <T> CompletableFuture<T> notNeeded() {
    return CompletableFuture.failedFuture(new CancellationException());
  }

  private static <T> T join(CompletableFuture<T> started) {
    try {
      return started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Stops what has started, both at the same time. */
  private void stop() {
    CompletableFuture.allOf(
            kafka.thenAcceptAsync(EmbeddedKafka::close),
            postgres.thenAcceptAsync(EmbeddedPostgres::close))
        .exceptionally(notStartedOrNotStopped -> null)
        .join();
  }
}
