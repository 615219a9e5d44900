package dev.perilune.model.wire;

import com.fasterxml.jackson.core.io.SerializedString;
import java.util.HashMap;
import java.util.Map;

/**
 * Rewrites object keys to camel case: each {@code -} or {@code _} before a Latin letter goes, and
 * the letter becomes upper case. Everything else stays ({@code step_1}, {@code a__b} to {@code
 * a_B}).
 *
 * <p>Remembers names it has seen, up to a bound; not for use by several threads.
 */
final class KeyNames {
  private static final int REMEMBERED = 4096;
  private static final int REMEMBERED_LENGTH = 64;

  private final Map<String, SerializedString> seen = new HashMap<>();

  SerializedString camelCase(String key) {
    SerializedString known = seen.get(key);
    if (known != null) {
      return known;
    }
    SerializedString name = new SerializedString(WireText.clean(rewrite(key)));
    if (seen.size() < REMEMBERED && key.length() <= REMEMBERED_LENGTH) {
      seen.put(key, name);
    }
    return name;
  }

  static String rewrite(String key) {
    if (key.indexOf('_') < 0 && key.indexOf('-') < 0) {
      return key;
    }
    StringBuilder name = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if ((c == '_' || c == '-') && i + 1 < key.length() && isLatin(key.charAt(i + 1))) {
        name.append(Character.toUpperCase(key.charAt(++i)));
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }

  private static boolean isLatin(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
