package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ShutdownStepsTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final ShutdownSteps steps = new ShutdownSteps();
  private final List<String> stopped = new CopyOnWriteArrayList<>();

  @Test
  void lastStartedIsStoppedFirst() {
    steps.addBlocking("database", LIMIT, () -> stopped.add("database"));
    steps.add("gateway", LIMIT, () -> done("gateway"));
    steps.add("http", LIMIT, () -> done("http"));

    steps.close();

    assertEquals(List.of("http", "gateway", "database"), stopped);
  }

  @Test
  void failingStepDoesNotKeepOthersFromStopping() {
    steps.add("database", LIMIT, () -> done("database"));
    steps.add("gateway", LIMIT, () -> Future.failedFuture("broken"));
    steps.addBlocking(
        "http",
        LIMIT,
        () -> {
          throw new IllegalStateException("broken");
        });

    steps.close();

    assertEquals(List.of("database"), stopped);
  }

  @Test
  void stepThatHangsIsLeftBehind() {
    steps.add("database", LIMIT, () -> done("database"));
    steps.add("gateway", Duration.ofMillis(50), () -> Promise.promise().future());

    assertTimeout(LIMIT, steps::close);

    assertEquals(List.of("database"), stopped);
  }

  @Test
  void aStartThatFailsBecauseItIsStoppedSaysOnlyThat() {
    StartRefused refused =
        assertThrows(
            StartRefused.class,
            () ->
                steps.whileStarting(
                    () -> {
                      steps.close();
                      throw new RejectedExecutionException("event executor terminated");
                    }));

    assertEquals("Stopped while starting", refused.getMessage());
  }

  @Test
  void aStartThatFailsByItselfSaysWhy() {
    IllegalStateException broken = new IllegalStateException("broken");

    assertSame(
        broken,
        assertThrows(
            IllegalStateException.class,
            () ->
                steps.whileStarting(
                    () -> {
                      throw broken;
                    })));
  }

  @Test
  void stoppingAgainDoesNothing() {
    steps.add("database", LIMIT, () -> done("database"));
    steps.close();
    steps.close();
    assertEquals(List.of("database"), stopped);
  }

  @Test
  void startThatGoesOnAfterTheStopIsEnded() {
    steps.close();
    assertThrows(StartRefused.class, () -> steps.add("late", LIMIT, () -> done("late")));
  }

  private Future<Void> done(String name) {
    stopped.add(name);
    return Future.succeededFuture();
  }
}
