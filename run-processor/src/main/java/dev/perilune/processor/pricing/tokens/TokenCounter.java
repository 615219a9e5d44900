package dev.perilune.processor.pricing.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingRegistry;

/**
 * Counts the tokens of texts; special tokens such as {@code <|endoftext|>} count as the plain text
 * that they are. Thread-safe.
 *
 * <p>An encoding is loaded when it is first asked for (40 to 300 ms). Usual text goes at some 20
 * million characters a second. Two bounds keep a hostile text from stalling a batch, and both
 * depend on the text alone, so that counting again gives the same number:
 *
 * <ul>
 *   <li>Byte pair encoding costs more than linear time for one long run of letters, signs or
 *       blanks. A text is therefore cut into pieces of {@value #PIECE_CHARS} characters, between
 *       two words where there are any: no token spans that place, so the count stays exact. A run
 *       without words is cut anywhere, which can add a token or two per piece.
 *   <li>Of one side of a run only the first {@value #COUNTED_CHARS} characters are counted; the
 *       rest is taken to have as many tokens per character.
 * </ul>
 */
public final class TokenCounter {
  static final int PIECE_CHARS = 16_384;
  static final int COUNTED_CHARS = 1_048_576;

  private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();

  /** Tokens of the text, within the bounds above. */
  public int tokensOf(String text, Encoding encoding) {
    Tally tally = tally(encoding);
    tally.add(text);
    return tally.total();
  }

  /** A sum over several texts that share one bound. */
  Tally tally(Encoding encoding) {
    return new Tally(encodings.getEncoding(encoding.type()));
  }

  /** Tokens of the texts of one side of a run. */
  static final class Tally {
    private final com.knuddels.jtokkit.api.Encoding encoding;
    private long fixed;
    private long tokens;
    private long countedChars;
    private long skippedChars;

    private Tally(com.knuddels.jtokkit.api.Encoding encoding) {
      this.encoding = encoding;
    }

    void addFixed(int tokens) {
      fixed += tokens;
    }

    void add(String text) {
      int at = 0;
      while (at < text.length() && countedChars < COUNTED_CHARS) {
        int end = endOfPiece(text, at);
        String piece = at == 0 && end == text.length() ? text : text.substring(at, end);
        tokens += encoding.countTokensOrdinary(piece);
        countedChars += end - at;
        at = end;
      }
      skippedChars += text.length() - at;
    }

    /** The sum, {@link Integer#MAX_VALUE} if it is larger than that. */
    int total() {
      long estimated = skippedChars == 0 ? 0 : skippedChars * tokens / countedChars;
      return (int) Math.min(Integer.MAX_VALUE, fixed + tokens + estimated);
    }

    private static int endOfPiece(String text, int start) {
      int limit = start + PIECE_CHARS;
      if (limit >= text.length()) {
        return text.length();
      }
      for (int i = limit - 1; i > limit - PIECE_CHARS / 2; i--) {
        if (text.charAt(i) == ' ' && isLetter(text, i - 1) && isLetter(text, i + 1)) {
          return i;
        }
      }
      return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
    }

    private static boolean isLetter(String text, int at) {
      return Character.isLetter(text.charAt(at));
    }
  }
}
