package dev.perilune.processor;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.InvalidSettings;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a processor from the environment, with health and meters over HTTP. */
public final class ProcessorMain {
  private static final Logger log = LoggerFactory.getLogger(ProcessorMain.class);
  private static final long STOP_SECONDS = 8;

  private ProcessorMain() {}

  /** Runs until SIGTERM; exits with 1 and the reason when it can't start. */
  public static void main(String[] args) {
    try {
      Env env = Env.ofProcess();
      HttpSettings http = HttpSettings.from(env);
      ProcessorSettings settings = ProcessorSettings.from(env);
      env.check();
      start(http, settings);
    } catch (InvalidSettings e) {
      exit(e);
    }
  }

  private static void start(HttpSettings http, ProcessorSettings settings) {
    Vertx vertx = Vertx.vertx();
    Health health = new Health();
    Meters meters = new Meters();
    RunProcessor.start(vertx, settings, health, meters)
        .onSuccess(processor -> stopAtExit(vertx, processor))
        .compose(started -> HttpService.start(vertx, http, health, meters, routes -> {}))
        .onSuccess(service -> log.info("Processor started, health on port {}", service.port()))
        .onFailure(ProcessorMain::exit);
  }

  private static void stopAtExit(Vertx vertx, RunProcessor processor) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  await(processor.close());
                  // not chained: that future would complete on a loop that is gone by then
                  await(vertx.close());
                },
                "perilune-stop"));
  }

  private static void await(Future<Void> stopped) {
    try {
      stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.warn("Not stopped within {} s, leaving anyway", STOP_SECONDS);
    }
  }

  private static void exit(Throwable cause) {
    log.error("Cannot start: {}", cause.getMessage());
    // a hook waits for the event loops, so this thread must not be one of them
    new Thread(() -> System.exit(1), "perilune-exit").start();
  }
}
