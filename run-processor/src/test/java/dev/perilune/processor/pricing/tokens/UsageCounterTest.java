package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.model.ReportedUsage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UsageCounterTest {
  private static final TokenCounter COUNTER = new TokenCounter();

  private final UsageCounter usage = new UsageCounter(COUNTER);

  static Stream<Named<JsonNode>> vectors() throws IOException {
    try (InputStream file = UsageCounterTest.class.getResourceAsStream("token-vectors.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(file).spliterator(), false)
          .map(vector -> Named.of(vector.get("case").asText(), vector));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void countsAreThoseOfTheContract(JsonNode vector) {
    JsonNode sent = vector.path("reported");
    TokenUsage reported =
        UsageRules.settle(
            new ReportedUsage(
                number(sent, "prompt"), number(sent, "completion"), number(sent, "promptCached")),
            Map.of());

    TokenUsage counted =
        usage.complete(
            reported,
            vector.path("model").textValue(),
            json(vector, "input"),
            json(vector, "output"),
            json(vector, "params"));

    assertAll(
        () -> assertEquals(number(vector, "prompt"), counted.prompt(), "prompt"),
        () -> assertEquals(number(vector, "completion"), counted.completion(), "completion"),
        () -> assertEquals(vector.path("cached").asInt(0), counted.cachedPrompt(), "cached"));
  }

  @Test
  void aReportedZeroStaysWhereNothingCanBeCounted() {
    TokenUsage reported = new TokenUsage(0, 0, 0);

    assertEquals(reported, usage.complete(reported, "gpt-4o", null, "\"\"", null));
  }

  @Test
  void tellsWhatWasCounted() {
    TokenUsage reported = new TokenUsage(null, 5, 0);

    TokenUsage counted = usage.complete(reported, "gpt-4o", "\"Hello world!\"", "\"Hi\"", null);

    assertEquals(new TokenUsage(4, 5, 0, true, false), counted);
  }

  @Test
  void cachedTokensNeverExceedACountedPrompt() {
    TokenUsage reported = new TokenUsage(null, 5, 400);

    assertEquals(4, usage.complete(reported, null, "\"Hello world!\"", null, null).cachedPrompt());
  }

  @Test
  void nothingIsKnownOfARunWithoutTexts() {
    assertNull(usage.complete(TokenUsage.UNKNOWN, null, null, null, null).prompt());
  }

  private static @Nullable String json(JsonNode vector, String name) {
    return vector.has(name) ? vector.get(name).toString() : null;
  }

  private static @Nullable Integer number(JsonNode vector, String name) {
    JsonNode value = vector.path(name);
    return value.isNumber() ? value.intValue() : null;
  }
}
