package dev.perilune.standalone.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.standalone.crash.Chapter.Event;
import dev.perilune.testkit.PeriluneTester;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Posts chapter after chapter, each batch until it is acknowledged as a whole. */
final class LoadClient implements Callable<Void> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final CrashPlan plan;
  private final PeriluneTester gateway;
  private final Ledger ledger;
  private final AtomicInteger chapters;
  private final AtomicLong posted;
  private final CountDownLatch stop;
  private final long begunNanos = System.nanoTime();
  private final Instant begin;

  /**
   * @param chapters the next one, shared by all clients
   * @param posted events of chapters begun, shared by all clients
   * @param stop ends the load after the chapters in hand
   */
  LoadClient(
      CrashPlan plan,
      PeriluneTester gateway,
      Ledger ledger,
      AtomicInteger chapters,
      AtomicLong posted,
      CountDownLatch stop,
      Instant begin) {
    this.plan = plan;
    this.gateway = gateway;
    this.ledger = ledger;
    this.chapters = chapters;
    this.posted = posted;
    this.stop = stop;
    this.begin = begin;
  }

  @Override
  public Void call() throws Exception {
    while (!stop.await(untilDue().toMillis(), TimeUnit.MILLISECONDS)) {
      int number = chapters.getAndIncrement();
      Chapter chapter = Stories.chapter(plan.seed(), number, begin);
      posted.addAndGet(chapter.events.size());
      for (List<Event> batch : chapter.batches(new Random(plan.seed() + number))) {
        post(batch);
      }
      ledger.add(chapter);
    }
    return null;
  }

  private Duration untilDue() {
    long dueNanos = posted.get() * 1_000_000_000L / plan.eventsPerSecond();
    return Duration.ofNanos(Math.max(0, dueNanos - (System.nanoTime() - begunNanos)));
  }

  private void post(List<Event> batch) throws InterruptedException {
    String body =
        batch.stream().map(Event::json).collect(Collectors.joining(",", "{\"events\":[", "]}"));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isAcknowledged(batch, body)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not acknowledged within " + PATIENCE + ": " + ledger.refusals());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean isAcknowledged(List<Event> batch, String body) throws InterruptedException {
    try {
      HttpResponse<String> answer = gateway.post("/v1/runs/ingest", gateway.publicKey(), body);
      if (answer.statusCode() == 200) {
        return isTaken(batch, JSON.readTree(answer.body()));
      }
      if (answer.statusCode() != 503) {
        throw new AssertionError("Gateway: " + answer.statusCode() + " " + answer.body());
      }
      ledger.again(batch, "503");
    } catch (IOException e) {
      ledger.again(batch, "no answer");
    }
    return false;
  }

  private boolean isTaken(List<Event> batch, JsonNode answer) {
    JsonNode results = answer.path("results");
    boolean all =
        results.size() == batch.size()
            && StreamSupport.stream(results.spliterator(), false)
                .allMatch(result -> result.path("success").asBoolean());
    if (all) {
      ledger.acknowledged(batch, answer.path("receipt").asText());
    } else {
      ledger.again(batch, "partly refused");
    }
    return all;
  }
}
