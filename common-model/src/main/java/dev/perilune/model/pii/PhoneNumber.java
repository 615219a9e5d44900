package dev.perilune.model.pii;

/**
 * Decides which groups of digits are a phone number: international with {@code +} or {@code 00},
 * North American as 3-3-4 digits, or national with a leading zero. Digits that nothing separates
 * are none without a plus.
 */
final class PhoneNumber {
  private static final int SHORTEST = 8;
  private static final int LONGEST = 15;
  private static final int SHORTEST_NATIONAL = 9;
  private static final int LONGEST_NATIONAL = 12;

  private PhoneNumber() {}

  static boolean is(DigitGroups groups, int last) {
    String digits = groups.digits(last);
    if (groups.firstChar() == '+') {
      return digits.charAt(0) != '0' && isBetween(digits.length(), SHORTEST, LONGEST);
    }
    if (last == 0) {
      return false;
    }
    return isInternational(digits) || isNorthAmerican(groups, last) || isNational(groups, last);
  }

  private static boolean isInternational(String digits) {
    return isBetween(digits.length(), SHORTEST + 2, LONGEST + 2)
        && digits.startsWith("00")
        && digits.charAt(2) != '0';
  }

  /** {@code 555-123-4567}, {@code (555) 123-4567}, and with a 1 before it. */
  private static boolean isNorthAmerican(DigitGroups groups, int last) {
    boolean country = groups.length(0) == 1 && groups.digits(0).equals("1");
    int area = country ? 1 : 0;
    return last == area + 2
        && groups.length(area) == 3
        && groups.length(area + 1) == 3
        && groups.length(area + 2) == 4
        && groups.digits(last).charAt(area) >= '2';
  }

  private static boolean isNational(DigitGroups groups, int last) {
    String digits = groups.digits(last);
    boolean areaInBrackets = groups.firstChar() == '(';
    return digits.charAt(0) == '0'
        && digits.charAt(1) != '0'
        && isBetween(groups.length(0), 2, 5)
        && isBetween(digits.length(), SHORTEST_NATIONAL, LONGEST_NATIONAL)
        && (areaInBrackets || groups.isUniform(last));
  }

  private static boolean isBetween(int number, int least, int most) {
    return number >= least && number <= most;
  }
}
