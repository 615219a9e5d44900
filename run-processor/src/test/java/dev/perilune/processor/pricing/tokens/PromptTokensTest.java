package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTokensTest {
  private static final PromptTokens PROMPT = new PromptTokens(new TokenCounter());

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "0", "-0.0", "false", "NaN", " null "})
  void emptyInputIsNotCounted(String input) {
    assertNull(PROMPT.of(input, null, Encoding.CL100K));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a list's own three tokens, three a message, and the texts
        "[\"Hello world!\"] | 9",
        "[5, true, null] | 12",
        "[[\"Hello world!\"]] | 9",
        "[{\"role\":\"user\"}] | 8",
        "true | 1",
        "{} | 1",
      })
  void everyShapeOfInputHasACount(String input, int tokens) {
    assertEquals(tokens, PROMPT.of(input, null, Encoding.O200K));
  }

  @Test
  void textThatIsNoJsonIsCountedAsItIs() {
    assertEquals(3, PROMPT.of("Hello world!", null, Encoding.O200K));
  }

  @Test
  void deepNestingIsCounted() {
    int depth = 50_000;
    String input = "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

    assertEquals(
        new TokenCounter().tokensOf(input, Encoding.CL100K),
        PROMPT.of(input, null, Encoding.CL100K));
  }
}
