package dev.perilune.model.pii;

import dev.perilune.model.pii.PiiMask.Find;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An international account number: country, its length, and check digits that agree. */
final class Iban {
  /** Countries by the length of their numbers. */
  private static final String[] LENGTHS = {
    "15 NO",
    "16 BE",
    "18 DK FI FO GL NL SD",
    "19 MK SI",
    "20 AT BA EE KZ LT LU MN XK",
    "21 CH HR LI LV",
    "22 BG BH CR DE GB GE IE ME RS VA",
    "23 AE GI IL IQ OM SO TL",
    "24 AD CZ ES MD PK RO SA SE SK TN VG",
    "25 LY PT ST",
    "26 IS TR",
    "27 BI DJ FR GR IT MC MR SM",
    "28 AL AZ BY CY DO GT HU LB NI PL SV",
    "29 BR EG PS QA UA",
    "30 JO KW MU YE",
    "31 MT SC",
    "32 LC",
    "33 RU"
  };

  private static final Map<String, Integer> LENGTH_OF = new HashMap<>();

  static {
    for (String line : LENGTHS) {
      String[] words = line.split(" ");
      for (int i = 1; i < words.length; i++) {
        LENGTH_OF.put(words[i], Integer.valueOf(words[0]));
      }
    }
  }

  private static final int HEAD = 4;

  private Iban() {}

  static @Nullable Find at(String text, int from) {
    if (!beginsLikeOne(text, from)) {
      return null;
    }
    Integer length = LENGTH_OF.get(text.substring(from, from + 2).toUpperCase(Locale.ROOT));
    if (length == null) {
      return null;
    }
    StringBuilder number = new StringBuilder(length);
    int to = from;
    while (to < text.length() && number.length() < length) {
      char c = text.charAt(to);
      if (isLatin(c) || PiiMask.isDigit(c)) {
        number.append(Character.toUpperCase(c));
      } else if (!(c == ' ' && number.length() % HEAD == 0 && text.charAt(to - 1) != ' ')) {
        return null;
      }
      to++;
    }
    boolean whole = number.length() == length && !PiiMask.isWordAt(text, to);
    return whole && isSound(number) ? new Find(PiiType.IBAN, from, to) : null;
  }

  private static boolean beginsLikeOne(String text, int from) {
    return from + HEAD <= text.length()
        && isLatin(text.charAt(from))
        && isLatin(text.charAt(from + 1))
        && PiiMask.isDigit(text.charAt(from + 2))
        && PiiMask.isDigit(text.charAt(from + 3))
        && !PiiMask.isWordAt(text, from - 1);
  }

  /** Remainder of 1 by 97, the first four characters last, letters as 10 to 35 (ISO 13616). */
  private static boolean isSound(StringBuilder number) {
    int rest = 0;
    for (int i = 0; i < number.length(); i++) {
      int value = Character.digit(number.charAt((i + HEAD) % number.length()), 36);
      rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
    }
    return rest == 1;
  }

  private static boolean isLatin(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
