package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTokensTest {
  private static final CompletionTokens COMPLETION = new CompletionTokens(new TokenCounter());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\":\"Hi there\"} | 2",
        "{\"a\":[{\"text\":\"no\"}],\"text\":\"Hi there\"} | 2",
        "{\"text\":7} | 1",
        "{\"text\":\"\"} | 5",
        "[{\"text\":\"Hi there\"}] | 8",
        "\"Hi there\" | 4",
      })
  void theTextOfAnObjectStandsForIt(String output, int tokens) {
    assertEquals(tokens, COMPLETION.of(output, Encoding.O200K));
  }

  @Test
  void noOutputIsNotCounted() {
    assertNull(COMPLETION.of(null, Encoding.O200K));
    assertNull(COMPLETION.of("null", Encoding.O200K));
  }
}
