package dev.perilune.query.ingest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.wire.Receipt;
import dev.perilune.model.wire.ReceiptBuilder;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VisibilityTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile Map<Integer, Long> stored = Map.of(0, 5L, 1, 5L);

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void allPartitionsMustBePastTheLastOffset() throws Exception {
    Visibility visibility = visibility(1);

    assertTrue(now(visibility, receipt(4, 4)));
    assertFalse(now(visibility, receipt(4, 5)));
    stored = Map.of(0, 5L);
    assertFalse(now(visibility, receipt(4, 4)));
  }

  @Test
  void whoWaitsIsAnsweredAsSoonAsItIsVisible() throws Exception {
    Future<Boolean> answer = visibility(1).of(receipt(5, 5), LONG);
    vertx.setTimer(60, timer -> stored = Map.of(0, 6L, 1, 6L));

    assertTrue(answer.await(10, TimeUnit.SECONDS));
  }

  @Test
  void whoWaitsInVainIsToldSoInTimeAndAsksLessAndLessOften() throws Exception {
    assertFalse(
        visibility(1).of(receipt(9, 9), Duration.ofMillis(600)).await(10, TimeUnit.SECONDS));
    assertTrue(questions.get() < 12, questions + " questions");
  }

  @Test
  void moreThanSoManyWaitersAreRefused() throws Exception {
    Visibility visibility = visibility(2);
    Future<Boolean> first = visibility.of(receipt(9, 9), LONG);
    Future<Boolean> second = visibility.of(receipt(9, 9), LONG);
    Future<Boolean> third = visibility.of(receipt(9, 9), LONG);

    assertThrows(Problem.Unavailable.class, () -> third.await(10, TimeUnit.SECONDS));
    stored = Map.of(0, 10L, 1, 10L);
    assertTrue(first.await(10, TimeUnit.SECONDS) && second.await(10, TimeUnit.SECONDS));
    assertTrue(now(visibility, receipt(9, 9)));
  }

  private boolean now(Visibility visibility, Receipt receipt) throws Exception {
    return visibility.of(receipt, Duration.ZERO).await(10, TimeUnit.SECONDS);
  }

  private Visibility visibility(int mostWaiting) {
    return new Visibility(
        vertx,
        () -> {
          questions.incrementAndGet();
          return Future.succeededFuture(stored);
        },
        mostWaiting);
  }

  private static Receipt receipt(long first, long second) {
    ReceiptBuilder builder = new ReceiptBuilder();
    builder.add(0, first);
    builder.add(1, second);
    return builder.build();
  }
}
