package dev.perilune.model.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.search.SearchNeedle.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SearchNeedleTest {
  private static final List<String> ALPHABETS =
      List.of(
          "abc ",
          "aé-ßx.",
          "北京東 a",
          "かなカナー漢",
          "дом \\n\"",
          "กขค้",
          "अआकि ",
          "한국어 ",
          "🚲🙂👍🏽a",
          "مرحبا ",
          "0123456789abcdef",
          "\uD835\uDC9C\uD835\uDC9Dz ");

  @Test
  void everyPieceOfATextIsFoundByTheWordsOfTheText() {
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      String text = text(random, random.nextInt(4) == 0 ? 300 : 40);
      WordPages pages = new WordPages(text);
      int[] points = text.codePoints().toArray();
      for (int look = 0; look < 10; look++) {
        int from = random.nextInt(points.length);
        int length = 1 + random.nextInt(Math.min(points.length - from, 90));
        String piece = new String(points, from, length);
        assertTrue(pages.mayHold(piece), () -> "'" + piece + "' in '" + text + "'");
      }
    }
  }

  @Test
  void textsWithoutTheWordsAreLeftOut() {
    WordPages pages = new WordPages("the quick brown fox 北京 sat");
    assertTrue(pages.mayHold("ick bro"));
    assertEquals(
        List.of(false, false, false, false),
        List.of(
            pages.mayHold("quicker"),
            pages.mayHold("kk fox"),
            pages.mayHold("京北"),
            pages.mayHold("absent")));
  }

  @Test
  void aTextWithoutLettersHasNoParts() {
    assertEquals(List.of(), SearchNeedle.of("  {\"-!").parts());
  }

  @Test
  void aLongWordAddsFewWordsAndIsFoundByItsPieces() {
    Random random = new Random(5);
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      encoded.append((char) ('a' + random.nextInt(16)));
    }
    Set<String> words = new HashSet<>();
    SearchWords.forEach(encoded.toString(), words::add);
    assertTrue(words.size() <= 16 * 16 * 16, "words: " + words.size());
    assertTrue(new WordPages(encoded.toString()).mayHold(encoded.substring(500, 540)));
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    int pieces = 1 + random.nextInt(4);
    for (int piece = 0; piece < pieces; piece++) {
      int[] alphabet = ALPHABETS.get(random.nextInt(ALPHABETS.size())).codePoints().toArray();
      int length = 1 + random.nextInt(most);
      for (int i = 0; i < length; i++) {
        text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
      }
    }
    return text.toString();
  }

  /** One run's words as a segment has them. */
  private static final class WordPages {
    private final List<WordPage> pages;

    WordPages(String text) {
      Map<String, RunList> words = new TreeMap<>(WordPage.ORDER);
      SearchWords.forEach(text, word -> words.computeIfAbsent(word, w -> new RunList()).add(0));
      WordPage.Writer writer = new WordPage.Writer();
      words.forEach(writer::add);
      pages = new ArrayList<>(writer.pages());
    }

    boolean mayHold(String folded) {
      return SearchNeedle.of(folded).parts().stream().allMatch(this::holds);
    }

    private boolean holds(Part part) {
      boolean pieces = !part.pieces().isEmpty() && part.pieces().stream().allMatch(this::has);
      return pieces || part.whole().stream().anyMatch(this::has);
    }

    private boolean has(String pattern) {
      return pages.stream().anyMatch(page -> !page.find(pattern).isEmpty());
    }
  }
}
