package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | 12",
        "12.9 | 12",
        "0 | 0",
        "\"12\" | 12",
        "\" 1.5e3 \" | 1500",
        "4000000000 | 2147483647",
        "\"99999999999\" | 2147483647",
        "1e300 | 2147483647",
      })
  void numbersAndTheirTextsAreCounts(String json, int count) throws Exception {
    assertEquals(count, UsageRules.count(read(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "\"-1\"",
        "\"\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"0x10\"",
        "\"12d\"",
        "null",
        "true",
        "{}",
        "[1]",
        "1e400",
        "\"1e999\"",
        "\"many\""
      })
  void everythingElseIsNoCount(String json) throws Exception {
    assertNull(UsageRules.count(read(json)));
  }

  @Test
  void anUnusableValueLeavesTheFieldToItsSynonym() throws Exception {
    JsonNode usage = read("{\"prompt\":\"?\",\"promptTokens\":7,\"completion\":-3}");

    assertEquals(new TokenUsage(7, null, 0), UsageRules.read(usage, Map.of()));
  }

  @Test
  void whatIsNoObjectReportsNothing() throws Exception {
    assertEquals(TokenUsage.UNKNOWN, UsageRules.read(read("[1,2]"), Map.of()));
    assertEquals(TokenUsage.UNKNOWN, UsageRules.read(read("5"), Map.of()));
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
    Map<String, String> metadata = new java.util.HashMap<>();
    metadata.computeIfAbsent("cacheReadInputTokens", name -> cacheRead);
    metadata.computeIfAbsent("cacheCreationInputTokens", name -> cacheCreation);

    TokenUsage usage = UsageRules.settle(prompt, 1, promptCached, metadata);

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
              random.nextInt(Integer.MAX_VALUE),
              random.nextInt(Integer.MAX_VALUE),
              random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31),
              metadata);

      assertTrue(usage.prompt() != null && usage.cachedPrompt() <= usage.prompt(), usage::toString);
    }
  }

  private static JsonNode read(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json);
  }
}
