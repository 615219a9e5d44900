package dev.perilune.runtime.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Health health = new Health();

  @Test
  void nothingRegisteredIsUp() {
    assertTrue(health.check().result().isUp());
  }

  @Test
  void failingAndThrowingChecksAreDown() {
    health.register("up", () -> Future.succeededFuture(true));
    health.register("failed", () -> Future.failedFuture("no"));
    health.register(
        "thrown",
        () -> {
          throw new IllegalStateException("no");
        });

    Health.Report report = health.check().result();

    assertFalse(report.isUp());
    assertEquals(Map.of("up", true, "failed", false, "thrown", false), report.parts());
  }
}
