package dev.perilune.model.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WordPageTest {

  @Test
  void listsOfAnyDensityComeBackAsTheyWere() {
    Random random = new Random(1);
    Map<String, int[]> lists = new LinkedHashMap<>();
    WordPage.Writer writer = new WordPage.Writer();
    for (int word = 0; word < 500; word++) {
      double share = Math.pow(random.nextDouble(), 6);
      RunList runs = new RunList();
      runs.add(random.nextInt(3));
      for (int run = 3; run < 20_000; run++) {
        if (random.nextDouble() < share) {
          runs.add(run);
        }
      }
      String name = "w%03d".formatted(word);
      lists.put(name, runs.toArray());
      writer.add(name, runs);
    }
    Map<String, int[]> read = new LinkedHashMap<>();
    List<WordPage> pages = writer.pages().stream().filter(page -> !page.isDirectory()).toList();
    pages.forEach(page -> page.forEach((word, runs) -> read.put(word, runs.toArray())));
    assertEquals(List.copyOf(lists.keySet()), List.copyOf(read.keySet()));
    lists.forEach((word, runs) -> assertArrayEquals(runs, read.get(word), word));
    for (WordPage page : pages) {
      String first = page.first();
      assertArrayEquals(lists.get(first), page.find("\n" + first + "\n").get(0).toArray());
    }
  }

  @Test
  void patternsFindWholeWordsBeginningsEndsAndInsides() {
    WordPage page = page("cat", "concat", "cats", "dog");
    assertEquals(List.of(0), numbers(page, "\ncat\n"));
    assertEquals(List.of(0, 1), numbers(page, "cat\n"));
    assertEquals(List.of(0, 2), numbers(page, "\ncat"));
    assertEquals(List.of(0, 1, 2), numbers(page, "cat"));
    assertEquals(List.of(3), numbers(page, "g\n"));
    assertEquals(List.of(), numbers(page, "bird"));
  }

  @Test
  void theDirectoryNamesEveryPageWithAPartOfAWord() {
    Random random = new Random(3);
    Set<String> words = new TreeSet<>(WordPage.ORDER);
    while (words.size() < 1000) {
      words.add(Long.toString(random.nextLong() >>> random.nextInt(60), 36).replace("-", ""));
    }
    WordPage.Writer writer = new WordPage.Writer();
    RunList run = new RunList();
    run.add(7);
    words.forEach(word -> writer.add(word, run));
    List<WordPage> pages = writer.pages();
    for (String part : List.of("abc", "1y2", "zz\n", "\n1a2b", "q3x")) {
      List<String> lookups = WordPage.lookups(part);
      for (int number = 0; number < pages.size(); number++) {
        boolean holds =
            !pages.get(number).isDirectory() && pages.get(number).words().contains(part);
        int wanted = number;
        boolean listed =
            lookups.stream()
                .allMatch(
                    lookup ->
                        pages.stream()
                            .flatMap(page -> page.find(lookup).stream())
                            .anyMatch(list -> contains(list, wanted)));
        assertTrue(listed || !holds, part + " on page " + number);
      }
    }
  }

  private static boolean contains(RunList list, int number) {
    return Arrays.stream(list.toArray()).anyMatch(listed -> listed == number);
  }

  @Test
  void wordsAreOrderedAsTheirBytesAre() {
    List<String> words =
        new ArrayList<>(List.of("a", "\u0002abc", "é", "\uFF21", "😀", "ab", "z", "京", "😁a"));
    List<String> byBytes = new ArrayList<>(words);
    byBytes.sort(
        (a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    words.sort(WordPage.ORDER);
    assertEquals(byBytes, words);
  }

  @Test
  void aWordInEverySecondRunTakesAboutTwoBitsARun() {
    Random random = new Random(2);
    RunList runs = new RunList();
    for (int run = 0; run < 100_000; run++) {
      if (random.nextBoolean()) {
        runs.add(run);
      }
    }
    WordPage.Writer writer = new WordPage.Writer();
    writer.add("a", runs);
    int bytes = writer.pages().get(0).runs().length;
    assertTrue(bytes < 2.1 * runs.size() / 8, "bytes: " + bytes);
  }

  private static WordPage page(String... words) {
    WordPage.Writer writer = new WordPage.Writer();
    for (int i = 0; i < words.length; i++) {
      RunList runs = new RunList();
      runs.add(i);
      writer.add(words[i], runs);
    }
    return writer.pages().get(0);
  }

  private static List<Integer> numbers(WordPage page, String pattern) {
    return page.find(pattern).stream().map(runs -> runs.get(0)).toList();
  }
}
