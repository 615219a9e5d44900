package dev.perilune.ingest;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the gateway alone, as containers do. */
public final class IngestMain {

  private static final Logger log = LoggerFactory.getLogger(IngestMain.class);
  private static final int STOP_SECONDS = 10;

  private IngestMain() {}

  public static void main(String[] args) {
    try {
      start(Env.ofProcess());
    } catch (InvalidSettings | IllegalStateException | TimeoutException unusable) {
      log.error(unusable.getMessage());
      System.exit(1);
    }
  }

  private static void start(Env env) throws TimeoutException {
    HttpSettings httpSettings = HttpSettings.from(env);
    IngestSettings ingestSettings = IngestSettings.from(env);
    PgSettings pgSettings = PgSettings.from(env);
    env.check();

    Vertx vertx = Vertx.vertx();
    Health health = new Health();
    Meters meters = new Meters();
    Database database = Database.open(vertx, pgSettings, meters);
    ApiKeys keys = new ApiKeys(database);
    IngestGateway gateway =
        await(IngestGateway.start(vertx, ingestSettings, database, keys, health, meters));
    HttpService http =
        await(HttpService.start(vertx, httpSettings, health, meters, gateway::mount));
    log.info("Taking events on port {}", http.port());
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(vertx, http, gateway, database), "stop"));
  }

  private static void stop(
      Vertx vertx, HttpService http, IngestGateway gateway, Database database) {
    try {
      await(http.close().eventually(gateway::close).eventually(database::close));
      // not in the same chain: its own end runs on an event loop that is gone by then
      await(vertx.close());
    } catch (TimeoutException late) {
      log.warn("Did not stop within {} seconds", STOP_SECONDS);
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
