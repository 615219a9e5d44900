package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.bench.HttpLoad.Call;
import dev.perilune.benchmarks.bench.HttpLoad.Plan;
import dev.perilune.benchmarks.bench.HttpLoad.Result;
import dev.perilune.benchmarks.bench.Lab.Service;
import dev.perilune.standalone.load.OtlpBodies;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The gateway alone: how many events a second it has durable in Kafka, in requests of 1, 10 and 100
 * events, beside a bare producer that sends the same bytes and a bare route that answers 200.
 */
final class GatewayScenario implements Scenario {
  private static final int BODIES = 64;
  private static final int SPANS = 50;
  private static final int INPUT_BYTES = 1024;
  private static final int OUTPUT_BYTES = 512;
  private static final int CONNECTIONS = 16;
  private static final List<Integer> BATCHES = List.of(1, 10, 100);
  private static final String TAKEN = "\"success\":true";

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
      Map<TopicPartition, Long> before = Map.of();
      for (int batch : BATCHES) {
        before = BareProducer.end(lab.kafka());
        bench.tell("gateway, batches of " + batch);
        results.add(send(bench, gateway.url() + "/v1/runs/ingest", events(batch), allTaken(batch)));
        resident = Math.max(resident, gateway.process().residentBytes());
      }
      bench.tell("gateway, spans in batches of " + SPANS);
      Result spans = send(bench, gateway.url() + "/v1/traces", spans(), body -> body.length() == 0);
      resident = Math.max(resident, gateway.process().residentBytes());
      lab.stop(gateway);
      bench.tell("bare producer, same bytes");
      double bareRecords = BareProducer.recordsPerSecond(lab.kafka(), before, bench.seconds());
      for (int i = 0; i < BATCHES.size(); i++) {
        report(bench, BATCHES.get(i), results.get(i), bareRequests, bareRecords);
      }
      reportSpans(bench, spans, results.get(BATCHES.size() - 1));
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
      return send(bench, url, events(100), body -> true).perSecond();
    } finally {
      Waiting.on(vertx.close());
    }
  }

  /** What to send again and again. */
  private record Bodies(String type, List<Buffer> bodies) {}

  private static Bodies events(int batch) {
    EventBodies maker = new EventBodies(batch, batch);
    return new Bodies("application/json", Stream.generate(maker::next).limit(BODIES).toList());
  }

  private static Bodies spans() {
    OtlpBodies maker = new OtlpBodies(SPANS, INPUT_BYTES, OUTPUT_BYTES);
    long now = System.currentTimeMillis();
    return new Bodies(
        "application/x-protobuf",
        Stream.generate(() -> Buffer.buffer(maker.request(SPANS, now).body()))
            .limit(BODIES)
            .toList());
  }

  private static Result send(Bench bench, String url, Bodies what, Predicate<Buffer> isRight)
      throws InterruptedException {
    AtomicLong next = new AtomicLong();
    return HttpLoad.run(
        new Plan(
            () ->
                Call.post(
                    url, what.type(), what.bodies().get((int) (next.getAndIncrement() % BODIES))),
            isRight,
            0,
            CONNECTIONS,
            bench.warmup(),
            bench.seconds()));
  }

  /** A span is a whole call, so its like are a start and an end. */
  private static void reportSpans(Bench bench, Result spans, Result events) {
    String scenario = "gateway, batches of " + SPANS + " spans";
    bench.add(
        Figure.of(scenario, "calls acknowledged", spans.perSecond() * SPANS, "spans/s")
            .against("calls as events, start and end", events.perSecond() * 100 / 2));
    bench.add(Figure.of(scenario, "answer p99", spans.p99(), "ms"));
    bench.add(Figure.of(scenario, "wrong answers", spans.wrong(), "requests").target("0"));
  }

  /** The answer names every event; one that was not taken says something else. */
  private static Predicate<Buffer> allTaken(int batch) {
    return body -> {
      String text = body.toString();
      int taken = 0;
      for (int at = text.indexOf(TAKEN); at >= 0; at = text.indexOf(TAKEN, at + TAKEN.length())) {
        taken++;
      }
      return taken == batch;
    };
  }
}
