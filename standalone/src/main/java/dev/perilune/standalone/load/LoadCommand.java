package dev.perilune.standalone.load;

import dev.perilune.standalone.remote.RemoteFailure;
import dev.perilune.standalone.remote.RemoteOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts load on a running instance and prints what it took and how soon it could be read. */
@Command(
    name = "load",
    description =
        "Put load on a running instance and measure it. Each run is the start and the end of an"
            + " LLM call with reported tokens; nothing else may write to the project meanwhile.",
    mixinStandardHelpOptions = true)
public final class LoadCommand implements Runnable {

  @Mixin private final RemoteOptions remote;

  @Option(
      names = "--rate",
      description =
          "Runs a second, by the clock; 0: as fast as answers come (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(names = "--seconds", description = "How long (default: ${DEFAULT-VALUE}).")
  private int seconds = 30;

  @Option(names = "--warmup", description = "Seconds not measured (default: ${DEFAULT-VALUE}).")
  private int warmup = 5;

  @Option(
      names = "--otlp",
      description = "Send each run as one span, OTLP over HTTP in protobuf, instead of two events.")
  private boolean otlp;

  @Option(
      names = "--batch",
      description = "Events or spans of a request (default: ${DEFAULT-VALUE}).")
  private int batch = 100;

  @Option(names = "--connections", description = "Requests at a time (default: ${DEFAULT-VALUE}).")
  private int connections = 8;

  @Option(names = "--input-bytes", description = "Of each run (default: ${DEFAULT-VALUE}).")
  private int inputBytes = 1024;

  @Option(names = "--output-bytes", description = "Of each run (default: ${DEFAULT-VALUE}).")
  private int outputBytes = 512;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  private final PrintStream out;

  public LoadCommand(RemoteOptions remote, PrintStream out) {
    this.remote = remote;
    this.out = out;
  }

  @Override
  public void run() {
    LoadPlan plan =
        new LoadPlan(
            otlp ? Door.SPANS : Door.EVENTS,
            rate,
            Duration.ofSeconds(warmup),
            Duration.ofSeconds(seconds),
            batch,
            connections,
            inputBytes,
            outputBytes);
    LoadReport report = measure(plan, remote.url(), remote.key());
    out.println(json ? report.json() : report.table());
    if (!report.isClean()) {
      throw new RemoteFailure("Not everything was taken and can be read; see above.");
    }
  }

  private static LoadReport measure(LoadPlan plan, String url, String key) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      Promise<LoadReport> report = Promise.promise();
      vertx.runOnContext(
          start -> {
            Instance instance = new Instance(vertx, url, key, plan.connections());
            new LoadRun(vertx, plan, instance, System.nanoTime()).start().onComplete(report);
          });
      return await(report.future());
    } finally {
      await(vertx.close());
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
