package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.bench.HttpLoad.Call;
import dev.perilune.benchmarks.bench.HttpLoad.Plan;
import dev.perilune.benchmarks.bench.HttpLoad.Result;
import dev.perilune.benchmarks.bench.Lab.Service;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The gateway alone: how many events a second it has durable in Kafka, in requests of 1, 10 and 100
 * events, beside a bare producer that sends the same bytes and a bare route that answers 200.
 */
final class GatewayScenario implements Scenario {
  private static final int BODIES = 64;
  private static final int CONNECTIONS = 16;
  private static final List<Integer> BATCHES = List.of(1, 10, 100);

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    try (Lab lab = Lab.withServers(bench.lab(12))) {
      Service gateway = lab.start("gateway");
      double bareRequests = bareRoute(bench);
      List<Result> results = new ArrayList<>();
      long resident = 0;
      for (int batch : BATCHES) {
        bench.tell("gateway, batches of " + batch);
        results.add(send(bench, gateway.url() + "/v1/runs/ingest", batch, allTaken(batch)));
        resident = Math.max(resident, gateway.process().residentBytes());
      }
      lab.stop(gateway);
      bench.tell("bare producer, same bytes");
      double bareRecords = BareProducer.recordsPerSecond(lab.kafka(), bench.seconds());
      for (int i = 0; i < BATCHES.size(); i++) {
        report(bench, BATCHES.get(i), results.get(i), bareRequests, bareRecords);
      }
      bench.add(Figure.of("gateway", "memory under load", resident / 1e6, "MB").target("< 300 MB"));
    }
  }

  private static void report(
      Bench bench, int batch, Result result, double bareRequests, double bareRecords) {
    String scenario = "gateway, batches of " + batch;
    bench.add(
        Figure.of(scenario, "events acknowledged", result.perSecond() * batch, "events/s")
            .against("bare producer, same bytes", bareRecords)
            .target(batch == 100 ? ">= 0.4 of the producer" : ""));
    bench.add(
        Figure.of(scenario, "requests answered", result.perSecond(), "requests/s")
            .against("bare route, same bytes", bareRequests));
    bench.add(Figure.of(scenario, "answer p99", result.p99(), "ms"));
    bench.add(Figure.of(scenario, "wrong answers", result.wrong(), "requests").target("0"));
    bench.add(Figure.of(scenario, "generator CPU", result.generatorCpu() * 100, "% of machine"));
  }

  private static double bareRoute(Bench bench) throws Exception {
    bench.tell("bare route");
    Vertx vertx = Vertx.vertx();
    try {
      HttpServer server =
          Waiting.on(
              vertx
                  .createHttpServer()
                  .requestHandler(
                      request -> request.body().onSuccess(body -> request.response().end("{}")))
                  .listen(0, "127.0.0.1"));
      String url = "http://127.0.0.1:" + server.actualPort() + "/";
      return send(bench, url, 100, body -> true).perSecond();
    } finally {
      Waiting.on(vertx.close());
    }
  }

  private static Result send(Bench bench, String url, int batch, Predicate<Buffer> isRight)
      throws InterruptedException {
    EventBodies maker = new EventBodies(batch, batch);
    List<Buffer> bodies = new ArrayList<>();
    for (int i = 0; i < BODIES; i++) {
      bodies.add(maker.next());
    }
    AtomicLong next = new AtomicLong();
    return HttpLoad.run(
        new Plan(
            () ->
                new Call(HttpMethod.POST, url, bodies.get((int) (next.getAndIncrement() % BODIES))),
            isRight,
            0,
            CONNECTIONS,
            bench.warmup(),
            bench.seconds()));
  }

  /** The answer names every event; one that was not taken says so. */
  private static Predicate<Buffer> allTaken(int batch) {
    return body -> {
      String text = body.toString().toLowerCase(Locale.ROOT);
      return !text.contains("\"success\":false")
          && text.split("\"success\":true", -1).length == batch + 1;
    };
  }
}
