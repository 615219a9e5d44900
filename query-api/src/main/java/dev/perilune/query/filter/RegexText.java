package dev.perilune.query.filter;

/** A regular expression that finds where the content of a message starts or ends with a text. */
final class RegexText {

  private static final String CONTENT = "\"content\":\\s?\"";

  // the rest of a JSON string up to the text: anything but a quote, or whatever is escaped
  private static final String BEFORE = "(?:[^\"\\\\]|\\\\.)*";

  private RegexText() {}

  /**
   * Matches a message's content, or a JSON text that is a string by itself.
   *
   * @param inside the text as it is spelled inside of a JSON string
   */
  static String of(String inside, boolean starts) {
    String text = literal(inside);
    return starts
        ? "^\"" + text + "|" + CONTENT + text
        : text + "\"$|" + text + "\"\\}|" + CONTENT + BEFORE + text + "\"";
  }

  private static String literal(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (".*+?^$|\\()[]{}".indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }
}
