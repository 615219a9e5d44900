package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Percent-decoding as clients encode: UTF-8, and a plus sign is a plus sign. NUL is refused,
 * because no stored text can hold it.
 */
final class PercentText {

  private PercentText() {}

  /**
   * @throws Problem.Invalid naming the parameter, if the text is not percent-encoded UTF-8
   */
  static String decode(String name, String text) {
    return tryDecode(text)
        .orElseThrow(
            () -> new Problem.Invalid(name, "Expected percent-encoded UTF-8 text without NUL"));
  }

  /** The decoded text, or nothing if the encoding is broken. */
  static Optional<String> tryDecode(String text) {
    if (text.indexOf(0) >= 0) {
      return Optional.empty();
    }
    if (text.indexOf('%') < 0) {
      return Optional.of(text);
    }
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(raw.length);
    for (int at = 0; at < raw.length; at++) {
      int value = raw[at];
      if (value == '%') {
        value = at + 2 < raw.length ? hexPair(raw[at + 1], raw[at + 2]) : -1;
        at += 2;
        if (value <= 0) {
          return Optional.empty();
        }
      }
      decoded.put((byte) value);
    }
    return utf8(decoded.flip());
  }

  private static int hexPair(byte high, byte low) {
    int first = Character.digit(high, 16);
    int second = Character.digit(low, 16);
    return first < 0 || second < 0 ? -1 : first * 16 + second;
  }

  private static Optional<String> utf8(ByteBuffer bytes) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }
}
