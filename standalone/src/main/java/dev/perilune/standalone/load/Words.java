package dev.perilune.standalone.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random words to copy out of, ASCII that JSON takes as it is: equal texts would compress as
 * nothing that is really sent does. For use by one thread.
 */
final class Words {
  private static final int POOL_BYTES = 1 << 20;
  private static final int WORDS = 4000;

  private final SplittableRandom random;
  private final byte[] pool;

  /**
   * @param longestBytes that are asked for at a time
   */
  Words(SplittableRandom random, int longestBytes) {
    this.random = random;
    this.pool = pool(random, POOL_BYTES + longestBytes);
  }

  void write(ByteArrayOutputStream out, int bytes) {
    out.write(pool, random.nextInt(POOL_BYTES), bytes);
  }

  private static byte[] pool(SplittableRandom random, int bytes) {
    List<String> words = new ArrayList<>(WORDS);
    for (int i = 0; i < WORDS; i++) {
      StringBuilder word = new StringBuilder();
      for (int letters = 2 + random.nextInt(8); letters > 0; letters--) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words.add(word.append(' ').toString());
    }
    StringBuilder text = new StringBuilder(bytes + 16);
    while (text.length() < bytes) {
      text.append(words.get(random.nextInt(WORDS)));
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
