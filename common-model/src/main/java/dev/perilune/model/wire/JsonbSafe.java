package dev.perilune.model.wire;

/**
 * Makes JSON texts fit for columns of type jsonb: numbers that the database can't hold become texts
 * of the same digits.
 */
final class JsonbSafe {
  private static final int LONGEST_NUMBER = 300;
  private static final int LONGEST_EXPONENT = 4;

  private JsonbSafe() {}

  static String of(String json) {
    StringBuilder safe = null;
    int copied = 0;
    int i = 0;
    while (i < json.length()) {
      char c = json.charAt(i);
      if (c == '"') {
        i = endOfText(json, i);
      } else if (c == '-' || c >= '0' && c <= '9') {
        int end = endOfNumber(json, i);
        if (isTooLarge(json, i, end)) {
          safe = safe == null ? new StringBuilder(json.length() + 16) : safe;
          safe.append(json, copied, i).append('"').append(json, i, end).append('"');
          copied = end;
        }
        i = end;
      } else {
        i++;
      }
    }
    return safe == null ? json : safe.append(json, copied, json.length()).toString();
  }

  private static int endOfText(String json, int quote) {
    int i = quote + 1;
    while (json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  private static int endOfNumber(String json, int from) {
    int i = from + 1;
    while (i < json.length() && "0123456789+-.eE".indexOf(json.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  private static boolean isTooLarge(String json, int from, int end) {
    if (end - from > LONGEST_NUMBER) {
      return true;
    }
    int exponent = Math.max(json.lastIndexOf('e', end - 1), json.lastIndexOf('E', end - 1));
    return exponent >= from && end - exponent - 1 > LONGEST_EXPONENT;
  }
}
