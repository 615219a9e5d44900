package dev.perilune.standalone;

import dev.perilune.ingest.IngestGateway;
import dev.perilune.ingest.IngestSettings;
import dev.perilune.processor.ProcessorSettings;
import dev.perilune.processor.RunProcessor;
import dev.perilune.query.QueryApi;
import dev.perilune.query.QuerySettings;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The three services in this process, sharing event loops, meters, health and one port. */
final class Services {
  // With the embedded servers' four seconds these stay below ten, should every step use its limit.
  private static final Duration HTTP_STOP_LIMIT = Duration.ofMillis(1500);
  private static final Duration FLUSH_LIMIT = Duration.ofMillis(1500);
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration SHORT_LIMIT = Duration.ofMillis(300);

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final Health health = new Health();
  private final ShutdownSteps steps;

  private Services(ShutdownSteps steps) {
    this.steps = steps;
  }

  /** Starts them and returns the HTTP port once every health check is up. */
  static int start(Map<String, String> environment, HttpSettings http, ShutdownSteps steps) {
    Env env = new Env(environment);
    Settings settings = Settings.from(env);
    env.check();
    Services services = new Services(steps);
    try {
      return services.start(settings, http).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private Future<Integer> start(Settings settings, HttpSettings http) {
    steps.add("event loops", SHORT_LIMIT, vertx::close);
    Database database = Database.open(vertx, settings.postgres, meters);
    steps.add("database pool", SHORT_LIMIT, database::close);
    ApiKeys keys = new ApiKeys(database);
    // In this order, so that they stop in the other one: no new requests, flush, drain, reads.
    return QueryApi.start(vertx, settings.query, database, keys, health, meters)
        .compose(
            query ->
                RunProcessor.start(vertx, settings.processor, health, meters)
                    .onSuccess(processor -> steps.add("processor", FLUSH_LIMIT, processor::close))
                    .compose(
                        processor ->
                            IngestGateway.start(
                                vertx, settings.ingest, database, keys, health, meters))
                    .onSuccess(gateway -> steps.add("gateway", FLUSH_LIMIT, gateway::close))
                    .compose(gateway -> serve(http, gateway, query)));
  }

  private Future<Integer> serve(HttpSettings http, IngestGateway gateway, QueryApi query) {
    return HttpService.start(
            vertx,
            http,
            health,
            meters,
            router -> {
              gateway.mount(router);
              query.mount(router);
            })
        .onSuccess(server -> steps.add("HTTP server", HTTP_STOP_LIMIT, server::close))
        // streams first: the server would wait for them
        .onSuccess(server -> steps.add("query API", FLUSH_LIMIT, query::close))
        .compose(server -> whenUp(System.nanoTime()).map(up -> server.port()));
  }

  /** Asks the health checks until all are up; the processor needs a moment to get its share. */
  private Future<Void> whenUp(long sinceNanos) {
    return health
        .check()
        .compose(
            report -> {
              if (report.isUp()) {
                return Future.succeededFuture();
              }
              if (System.nanoTime() - sinceNanos > READY_LIMIT.toNanos()) {
                return Future.failedFuture(
                    new StartRefused("Not ready after " + READY_LIMIT + ": " + report.parts()));
              }
              return vertx.timer(50, TimeUnit.MILLISECONDS).compose(tick -> whenUp(sinceNanos));
            });
  }

  /** What each part reads of the environment. */
  record Settings(
      PgSettings postgres,
      IngestSettings ingest,
      ProcessorSettings processor,
      QuerySettings query) {

    static Settings from(Env env) {
      return new Settings(
          PgSettings.from(env),
          IngestSettings.from(env),
          ProcessorSettings.from(env),
          QuerySettings.from(env));
    }
  }
}
