package dev.perilune.query.filter;

import java.util.Locale;

/** A text without regard to case, in any script. */
final class FoldedText {

  private FoldedText() {}

  /** As the database function of that name does it; both sides of a comparison need it. */
  static String of(String text) {
    // upper case first, for it is where ß is SS and every sigma the same
    return text.toUpperCase(Locale.ROOT)
        .codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
