package dev.perilune.standalone.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.standalone.crash.Ledger.Acknowledged;
import dev.perilune.testkit.PeriluneTester;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads while everything breaks: what a receipt calls visible can be read, then and later, and
 * nothing but an honest 503 comes in between.
 */
final class Watcher implements Callable<Long> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PAUSE_MILLIS = 50;

  private final PeriluneTester query;
  private final Ledger ledger;
  private final Random random;
  private final CountDownLatch stop;

  Watcher(PeriluneTester query, Ledger ledger, Random random, CountDownLatch stop) {
    this.query = query;
    this.ledger = ledger;
    this.random = random;
    this.stop = stop;
  }

  /** Returns how many runs it has read. */
  @Override
  public Long call() throws Exception {
    long read = 0;
    while (!stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
      Optional<Acknowledged> batch = ledger.any(random);
      if (batch.isPresent() && isRead(batch.get())) {
        read++;
      }
    }
    return read;
  }

  private boolean isRead(Acknowledged batch) throws InterruptedException {
    Optional<JsonNode> told = get("/v1/ingest/receipts/" + batch.receipt());
    if (batch.readable().isEmpty()
        || !told.map(receipt -> receipt.path("visible").asBoolean()).orElse(false)) {
      return false;
    }
    UUID id = batch.readable().get(random.nextInt(batch.readable().size()));
    return get("/v1/runs/" + id).isPresent();
  }

  private Optional<JsonNode> get(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer = query.get(path);
      if (answer.statusCode() == 200) {
        return Optional.of(JSON.readTree(answer.body()));
      }
      if (answer.statusCode() != 503) {
        throw new AssertionError(path + " answered " + answer.statusCode() + " " + answer.body());
      }
      return Optional.empty();
    } catch (IOException away) {
      return Optional.empty();
    }
  }
}
