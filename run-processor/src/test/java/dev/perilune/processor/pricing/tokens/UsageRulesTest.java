package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ReportedUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageRulesTest {

  @Test
  void withoutAReportNothingIsKnown() {
    assertEquals(TokenUsage.UNKNOWN, UsageRules.settle(null, Map.of("cacheReadInputTokens", "7")));
  }

  @Test
  void anUnknownPromptStaysUnknown() {
    ReportedUsage reported = new ReportedUsage(null, 5, 400);

    assertEquals(new TokenUsage(null, 5, 400), UsageRules.settle(reported, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    // prompt, promptCached, cacheRead, cacheCreation -> prompt, cached
    "1000,  400,     ,     , 1000, 400",
    "   3,  900,     ,     ,  903, 900",
    "1000,  400,  300, 100, 1400, 300",
    "1000,  400,     , 400, 1400, 400",
    "1000,  400,  400,    , 1400, 400",
    "1000,     ,  400, 100, 1500, 400",
    "1000,    0,    0,   0, 1000,   0",
    "   0,  400,     ,     ,  400, 400",
    "2147483647, 9, 9,     , 2147483647, 9",
    "1000,     ,     ,     , 1000,   0",
  })
  void theTotalHoldsTheCachedTokens(
      int prompt,
      @Nullable Integer promptCached,
      @Nullable String cacheRead,
      @Nullable String cacheCreation,
      int total,
      int cached) {
    Map<String, String> metadata = new HashMap<>();
    metadata.computeIfAbsent("cacheReadInputTokens", name -> cacheRead);
    metadata.computeIfAbsent("cacheCreationInputTokens", name -> cacheCreation);

    TokenUsage usage = UsageRules.settle(new ReportedUsage(prompt, 1, promptCached), metadata);

    assertEquals(new TokenUsage(total, 1, cached), usage);
  }

  @Test
  void cachedTokensAreNeverMoreThanThePrompt() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      Map<String, String> metadata =
          random.nextBoolean()
              ? Map.of()
              : Map.of("cacheReadInputTokens", String.valueOf(random.nextInt()));

      TokenUsage usage =
          UsageRules.settle(
              new ReportedUsage(
                  random.nextInt(Integer.MAX_VALUE),
                  random.nextInt(Integer.MAX_VALUE),
                  random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31)),
              metadata);

      assertTrue(usage.prompt() != null && usage.cachedPrompt() <= usage.prompt(), usage::toString);
    }
  }
}
