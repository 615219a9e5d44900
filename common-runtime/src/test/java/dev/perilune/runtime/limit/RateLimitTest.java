package dev.perilune.runtime.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.HttpTester;
import dev.perilune.runtime.limit.TokenBucket.Taken;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final long STEP = 1000;

  @Test
  void aBucketGivesItsBurstAndThenItsRate() {
    TokenBucket bucket = new TokenBucket(0);

    assertEquals(new Taken(0, 2, STEP), bucket.take(0, STEP, 3));
    assertEquals(new Taken(0, 1, 2 * STEP), bucket.take(0, STEP, 3));
    assertEquals(new Taken(0, 0, 3 * STEP), bucket.take(0, STEP, 3));
    assertEquals(new Taken(STEP, 0, 3 * STEP), bucket.take(0, STEP, 3));
    assertEquals(new Taken(400, 0, 2400), bucket.take(600, STEP, 3));
    assertEquals(new Taken(0, 0, 3 * STEP), bucket.take(STEP, STEP, 3));
  }

  @Test
  void aPauseFillsABucketNoFurtherThanItsSize() {
    TokenBucket bucket = new TokenBucket(0);
    bucket.take(0, STEP, 3);

    assertEquals(2, bucket.take(1_000_000, STEP, 3).remaining());
  }

  @Test
  void answersSayWhatIsLeftAndWhatIsTooMuch() {
    long[] nowNanos = {0};
    Handler<RoutingContext> limit = RateLimit.of(new RateSettings(1, 2), () -> nowNanos[0]);
    try (HttpTester http =
        new HttpTester(router -> router.get("/limited").handler(limit).handler(Answer::empty))) {
      HttpResponse<String> first = http.get("/limited");
      assertEquals(200, http.get("/limited").statusCode());
      HttpResponse<String> tooMuch = http.get("/limited");

      assertEquals(Optional.of("2"), first.headers().firstValue("rate-limit-total"));
      assertEquals(Optional.of("1"), first.headers().firstValue("rate-limit-remaining"));
      assertTrue(first.headers().firstValue("rate-limit-reset").get().matches("\\d{10}"));
      assertEquals(429, tooMuch.statusCode());
      assertEquals(Optional.of("1"), tooMuch.headers().firstValue("retry-after"));
      assertEquals(
          "{\"error\":\"Too many requests\",\"message\":\"Sometimes You Just Have to Slow Down.\"}",
          tooMuch.body());
      nowNanos[0] = 1_000_000_000L;
      assertEquals(200, http.get("/limited").statusCode());
    }
  }

  @Test
  void zeroSetsNoLimit() {
    try (HttpTester http =
        new HttpTester(
            router ->
                router
                    .get("/free")
                    .handler(RateLimit.of(new RateSettings(0, 1)))
                    .handler(Answer::empty))) {
      for (int i = 0; i < 5; i++) {
        HttpResponse<String> answer = http.get("/free");
        assertEquals(200, answer.statusCode());
        assertEquals(Optional.empty(), answer.headers().firstValue("rate-limit-total"));
      }
    }
  }

  @Test
  void settingsFollowTheirVariables() {
    assertEquals(new RateSettings(30, 150), RateSettings.from(new Env(Map.of())));
    assertEquals(
        new RateSettings(5, 9),
        RateSettings.from(new Env(Map.of("PERILUNE_RATE_LIMIT", "5", "PERILUNE_RATE_BURST", "9"))));
  }
}
