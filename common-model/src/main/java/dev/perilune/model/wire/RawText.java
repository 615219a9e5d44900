package dev.perilune.model.wire;

/**
 * Tells which JSON strings can be copied as they stand: those that a writer would write in the very
 * same bytes. Most are such, and need neither be decoded nor encoded.
 */
final class RawText {
  private static final int NOT_AS_IT_STANDS = -1;

  /** By byte: an ordinary one, an end, or the first byte of a sequence. */
  private static final byte[] KINDS = kinds();

  private static final byte PLAIN = 0;
  private static final byte OTHER = 1;
  private static final byte QUOTE = 2;
  private static final byte ESCAPE = 3;

  private RawText() {}

  /**
   * Looks at the string that begins behind an opening quote.
   *
   * @param from the first byte after the quote
   * @return where its closing quote is, or -1 if it has to be decoded: it holds an escape that has
   *     another common form, a character beyond the basic plane, or bytes that are not UTF-8
   */
  static int endOfPlain(byte[] json, int from) {
    int at = from;
    while (at < json.length) {
      byte kind = KINDS[json[at] & 0xFF];
      if (kind == PLAIN) {
        at++;
      } else if (kind == QUOTE) {
        return at;
      } else if (kind == ESCAPE && at + 1 < json.length && isShort(json[at + 1])) {
        at += 2;
      } else {
        return NOT_AS_IT_STANDS;
      }
    }
    return NOT_AS_IT_STANDS;
  }

  /** Escapes that a writer uses too; not the slash, and no numbers of characters. */
  private static boolean isShort(byte escaped) {
    return switch (escaped) {
      case '"', '\\', 'b', 'f', 'n', 'r', 't' -> true;
      default -> false;
    };
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    for (int value = 0; value < kinds.length; value++) {
      kinds[value] = value < ' ' || isSuspect(value) ? OTHER : PLAIN;
    }
    kinds['"'] = QUOTE;
    kinds['\\'] = ESCAPE;
    return kinds;
  }

  /**
   * First bytes of what may be too long a form, half of a pair, or beyond the basic plane. All
   * others begin what the parser checks itself when it passes over it.
   */
  private static boolean isSuspect(int value) {
    return value == 0xC0 || value == 0xC1 || value == 0xE0 || value == 0xED || value >= 0xF0;
  }
}
