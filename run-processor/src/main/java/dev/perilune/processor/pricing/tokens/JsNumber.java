package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as JavaScript prints them: {@code 1.0} is {@code 1}, {@code 1e21} is {@code 1e+21}. */
final class JsNumber {
  private static final double EXACT_INTEGERS = 9_007_199_254_740_992.0; // 2^53
  private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);

  private JsNumber() {}

  /** Formats a finite number by ECMA-262, Number::toString in base 10. */
  static String format(double number) {
    if (number == Math.rint(number) && Math.abs(number) < EXACT_INTEGERS) {
      return Long.toString((long) number);
    }
    BigDecimal shortest = shortest(Math.abs(number));
    String digits = shortest.unscaledValue().toString();
    int point = digits.length() - shortest.scale(); // where the decimal point stands in the digits
    return (number < 0 ? "-" : "") + layout(digits, point);
  }

  private static String layout(String digits, int point) {
    if (point > 21 || point <= -6) {
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      return digits.charAt(0) + fraction + (point > 0 ? "e+" : "e") + (point - 1);
    }
    if (point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    return point >= digits.length()
        ? digits + "0".repeat(point - digits.length())
        : digits.substring(0, point) + "." + digits.substring(point);
  }

  /** The fewest digits that read back as the same double. */
  private static BigDecimal shortest(double number) {
    // Double.toString of JDK 17 is not always shortest. Jackson's fast writer is, but like newer
    // JDKs it prefers a second digit where one is enough (4.9E-324 for 5e-324).
    BigDecimal decimal = new BigDecimal(NumberOutput.toString(number, true)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal oneDigit = decimal.round(ONE_DIGIT).stripTrailingZeros();
      return oneDigit.doubleValue() == number ? oneDigit : decimal;
    }
    return decimal;
  }
}
