package dev.perilune.query.runs;

/** Works on texts that are known to be JSON, without reading them into values. */
public final class JsonTexts {

  private JsonTexts() {}

  /** The same JSON without space between its parts. */
  public static String compact(String json) {
    StringBuilder compact = new StringBuilder(json.length());
    int at = 0;
    while (at < json.length()) {
      char c = json.charAt(at);
      int end = c == '"' ? endOfText(json, at) : at + 1;
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        compact.append(json, at, end);
      }
      at = end;
    }
    return compact.toString();
  }

  /** Cuts the text that begins at {@code quote} to at most so many UTF-16 units. */
  static String cut(String json, int quote, int units) {
    int at = quote + 1;
    int cut = at;
    for (int left = units; left > 0 && json.charAt(at) != '"'; left--) {
      at = afterUnit(json, at);
      cut = at;
    }
    if (json.charAt(at) == '"') {
      return json;
    }
    // half of a character that needs two units is no text
    if (Character.isHighSurrogate(json.charAt(cut - 1))) {
      cut--;
    }
    return json.substring(0, cut) + json.substring(endOfText(json, quote) - 1);
  }

  private static int endOfText(String json, int quote) {
    int at = quote + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int afterUnit(String json, int at) {
    if (json.charAt(at) != '\\') {
      return at + 1;
    }
    return json.charAt(at + 1) == 'u' ? at + 6 : at + 2;
  }
}
