package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {
  private static final TokenCounter COUNTER = new TokenCounter();

  @ParameterizedTest
  @CsvSource({"CL100K, 7", "O200K, 7", "R50K, 7", "P50K, 7", "P50K_EDIT, 7"})
  void specialTokensArePlainText(Encoding encoding, int tokens) {
    assertEquals(tokens, COUNTER.tokensOf("<|endoftext|>", encoding));
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void cuttingBetweenWordsChangesNothing(Encoding encoding) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    String[] words = {"Hello", "world!", "don't", "12345", "été", "中文字", "a_b", "\n\n", "  ", "😀"};
    while (text.length() < 5 * TokenCounter.PIECE_CHARS) {
      text.append(words[random.nextInt(words.length)]).append(' ').append("and so on");
    }

    int whole =
        Encodings.newLazyEncodingRegistry()
            .getEncoding(encoding.type())
            .countTokensOrdinary(text.toString());

    assertEquals(whole, COUNTER.tokensOf(text.toString(), encoding));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A", " ", "-", "\n", "/", "1", "😀", "中", "́", "'", " \n", "aA"})
  void longRunsOfOneCharacterAreCountedInTime(String unit) {
    String text = unit.repeat(4_000_000 / unit.length());

    int tokens =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> COUNTER.tokensOf(text, Encoding.O200K));

    assertTrue(tokens > 0);
  }

  @Test
  void theRestOfAHugeTextIsEstimated() {
    String words = "The quick brown fox jumps over the lazy dog. ";
    int repetitions = 3 * TokenCounter.COUNTED_CHARS / words.length();

    int tokens = COUNTER.tokensOf(words.repeat(repetitions), Encoding.CL100K);

    assertEquals(10.0 * repetitions, tokens, repetitions * 0.1);
  }

  @Test
  void severalTextsShareOneBound() {
    TokenCounter.Tally tally = COUNTER.tally(Encoding.CL100K);
    tally.add("word ".repeat(TokenCounter.COUNTED_CHARS / 5 + TokenCounter.PIECE_CHARS));
    int before = tally.total();

    tally.add("word ".repeat(100_000));

    assertEquals(100_000, tally.total() - before, 1_000);
  }

  @Test
  void nothingCountsNothing() {
    assertEquals(0, COUNTER.tokensOf("", Encoding.CL100K));
  }
}
