package dev.perilune.benchmarks.bench;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Sends requests from one event loop and notes how long each answer took.
 *
 * <p>By the clock, a request that finds no free connection keeps the time it was due at, and its
 * latency counts from then. In a closed loop each connection sends as soon as it is answered.
 */
final class HttpLoad {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final long TICK_MILLIS = 1;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Plan plan;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient client;
  private final Histogram micros = new Histogram(SIGNIFICANT_DIGITS);
  private final Promise<Result> done = Promise.promise();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private long measuredFrom;
  private long end;
  private long nextDue;
  private long cpuBefore;
  private int free;
  private long wrong;

  /** One request. */
  record Call(HttpMethod method, String url, String type, Buffer body) {
    static Call get(String url) {
      return new Call(HttpMethod.GET, url, "application/json", Buffer.buffer());
    }

    static Call post(String url, String type, Buffer body) {
      return new Call(HttpMethod.POST, url, type, body);
    }
  }

  /**
   * What to send.
   *
   * @param calls asked for the next request
   * @param isRight judges a body that came with status 200
   * @param perSecond 0: closed loop
   */
  record Plan(
      Supplier<Call> calls,
      Predicate<Buffer> isRight,
      int perSecond,
      int connections,
      Duration warmup,
      Duration measured) {}

  /**
   * What came of it; times in milliseconds.
   *
   * @param wrong answers that were not 200 or not right, requests without an answer, and those that
   *     were due and not sent because every connection was busy to the end
   * @param generatorCpu share of the whole machine that this load took, 0 to 1
   */
  record Result(
      double perSecond, double p50, double p95, double p99, long wrong, double generatorCpu) {}

  private HttpLoad(Plan plan) {
    this.plan = plan;
    this.free = plan.connections();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true).setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(plan.connections()));
  }

  /** Runs the plan to its end; any wrong answer is counted, none stops it. */
  static Result run(Plan plan) throws InterruptedException {
    HttpLoad load = new HttpLoad(plan);
    try {
      load.vertx.runOnContext(start -> load.start());
      return load.done.future().toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      load.vertx.close();
    }
  }

  private void start() {
    nextDue = System.nanoTime();
    measuredFrom = nextDue + plan.warmup().toNanos();
    end = measuredFrom + plan.measured().toNanos();
    vertx.setTimer(
        Math.max(1, plan.warmup().toMillis()), warm -> cpuBefore = system.getProcessCpuTime());
    vertx.setPeriodic(TICK_MILLIS, tick -> turn());
  }

  private void turn() {
    long now = System.nanoTime();
    boolean byClock = plan.perSecond() > 0;
    while (free > 0 && now < end && (!byClock || nextDue <= now)) {
      send(byClock ? nextDue : now);
      nextDue += byClock ? NANOS_PER_SECOND / plan.perSecond() : 0;
      now = System.nanoTime();
    }
    if (now >= end && free == plan.connections()) {
      done.tryComplete(result());
    }
  }

  private void send(long dueNanos) {
    free--;
    Call call = plan.calls().get();
    client
        .request(
            new RequestOptions()
                .setMethod(call.method())
                .setAbsoluteURI(call.url())
                .putHeader("Authorization", "Bearer " + Lab.PRIVATE_KEY)
                .putHeader("Content-Type", call.type()))
        .compose(request -> request.send(call.body()))
        .compose(
            response ->
                response
                    .body()
                    .map(body -> response.statusCode() == 200 && plan.isRight().test(body)))
        .recover(broken -> Future.succeededFuture(false))
        .onSuccess(isRight -> answered(dueNanos, isRight));
  }

  private void answered(long dueNanos, boolean isRight) {
    free++;
    if (dueNanos >= measuredFrom) {
      wrong += isRight ? 0 : 1;
      micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos));
    }
    turn();
  }

  private long unsent() {
    return plan.perSecond() == 0 || nextDue >= end
        ? 0
        : (end - nextDue) * plan.perSecond() / NANOS_PER_SECOND;
  }

  private Result result() {
    double seconds = plan.measured().toNanos() / 1e9;
    double cpuSeconds = (system.getProcessCpuTime() - cpuBefore) / 1e9;
    return new Result(
        micros.getTotalCount() / seconds,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(95) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        wrong + unsent(),
        cpuSeconds / seconds / system.getAvailableProcessors());
  }
}
