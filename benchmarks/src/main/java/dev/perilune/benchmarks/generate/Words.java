package dev.perilune.benchmarks.generate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Varied text as it stands inside a JSON string: words by frequency, now and then an order number,
 * a line break, a quotation, a rare word.
 */
final class Words {

  /** Words to search for, and in about how many texts one is found. They come in no other text. */
  enum Rare {
    IN_1000("vellichor", 1_000),
    IN_10_000("quokkaline", 10_000),
    IN_10_000_CHINESE("冰糖葫芦", 10_000),
    IN_100_000("zephyrquartz", 100_000),
    IN_100_000_GERMAN("Übermorgenkiste", 100_000);

    final String word;
    final int oneIn;

    Rare(String word, int oneIn) {
      this.word = word;
      this.oneIn = oneIn;
    }
  }

  private static final int ENGLISH_PERCENT = 80;
  private static final int BITS_OF_NUMBER = 36;

  private record Language(String[] words, boolean spaced) {}

  private static final List<String> OTHERS =
      List.of("ru", "de", "fr", "ar", "hi", "ko", "zh", "ja");

  private final Language english = load("en");
  private final List<Language> others = OTHERS.stream().map(Words::load).toList();

  /** Appends a text of about that many UTF-8 bytes in one language. */
  void text(Random random, int bytes, StringBuilder text) {
    Language language =
        random.nextInt(100) < ENGLISH_PERCENT ? english : others.get(random.nextInt(others.size()));
    int left = bytes;
    int sinceBreak = 0;
    for (Rare rare : Rare.values()) {
      if (random.nextInt(rare.oneIn) == 0) {
        left -= word(rare.word, text) + 1;
        text.append(' ');
      }
    }
    while (left > 0) {
      left -= next(random, language, text);
      sinceBreak++;
      left -= pause(random, language, sinceBreak, text);
    }
  }

  private static int next(Random random, Language language, StringBuilder text) {
    int kind = random.nextInt(200);
    if (kind == 0) {
      return word("PL-" + Long.toString(random.nextLong() & (1L << BITS_OF_NUMBER) - 1, 36), text);
    }
    if (kind == 1) {
      return word(Integer.toString(random.nextInt(100_000)), text);
    }
    if (kind == 2) {
      return word("\\\"", text) + next(random, language, text) + word("\\\"", text);
    }
    String[] words = language.words;
    // frequent words come first: the square of an even spread favours them
    double share = random.nextDouble();
    return word(words[(int) (share * share * words.length)], text);
  }

  private static int pause(Random random, Language language, int words, StringBuilder text) {
    if (words % 40 == 0) {
      text.append(language.spaced ? ".\\n" : "。\\n");
      return 4;
    }
    if (random.nextInt(12) == 0) {
      text.append(language.spaced ? ", " : "、");
      return 2;
    }
    if (language.spaced) {
      text.append(' ');
    }
    return language.spaced ? 1 : 0;
  }

  private static int word(String word, StringBuilder text) {
    text.append(word);
    return word.charAt(0) < 0x80
        ? word.length()
        : word.charAt(0) < 0x800 ? 2 * word.length() : 3 * word.length();
  }

  private static Language load(String name) {
    try (InputStream file = Words.class.getResourceAsStream(name + ".txt")) {
      String[] words = new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\\s+");
      return new Language(words, !name.equals("zh") && !name.equals("ja"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
