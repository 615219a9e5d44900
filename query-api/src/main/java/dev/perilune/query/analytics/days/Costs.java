package dev.perilune.query.analytics.days;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Exact amounts, one a row. They are kept as whole numbers of one unit, 10 to the power of minus
 * {@code scale}, unless one of them has too many digits for that.
 */
final class Costs {

  private static final int BYTES_OF_LARGE = 80;

  private final int scale;
  private final long[] units;
  private final BigDecimal @Nullable [] large;

  private Costs(int scale, long[] units, BigDecimal @Nullable [] large) {
    this.scale = scale;
    this.units = units;
    this.large = large;
  }

  static Costs read(byte[] sent, int rows) {
    int scale = 0;
    Numerics numbers = new Numerics(sent);
    for (int i = 0; i < rows; i++) {
      scale = Math.max(scale, numbers.next().scale());
    }
    try {
      return new Costs(scale, units(new Numerics(sent), rows, scale), null);
    } catch (ArithmeticException tooManyDigits) {
      return new Costs(scale, new long[0], large(new Numerics(sent), rows));
    }
  }

  private static long[] units(Numerics numbers, int rows, int scale) {
    long[] units = new long[rows];
    for (int i = 0; i < rows; i++) {
      BigDecimal number = numbers.next();
      units[i] = number.signum() == 0 ? 0 : number.setScale(scale).unscaledValue().longValueExact();
    }
    return units;
  }

  private static BigDecimal[] large(Numerics numbers, int rows) {
    BigDecimal[] large = new BigDecimal[rows];
    for (int i = 0; i < rows; i++) {
      large[i] = numbers.next();
    }
    return large;
  }

  /** Decimal places of all amounts. */
  int scale() {
    return scale;
  }

  BigDecimal at(int row) {
    return large == null ? BigDecimal.valueOf(units[row], scale) : large[row];
  }

  /**
   * Adds the amounts, or takes them away, to sums of that scale, which is not less than this one.
   *
   * @param places where each row's sum is
   * @throws ArithmeticException if a sum would have too many digits; some may have been added
   */
  void addTo(long[] sums, int[] places, int sumScale, int sign) {
    if (large != null) {
      throw new ArithmeticException("Amounts with too many digits");
    }
    long factor = sign * BigDecimal.TEN.pow(sumScale - scale).longValueExact();
    for (int i = 0; i < units.length; i++) {
      long amount = Math.multiplyExact(units[i], factor);
      sums[places[i]] = Math.addExact(sums[places[i]], amount);
    }
  }

  long bytes() {
    return large == null ? 8L * units.length : (long) BYTES_OF_LARGE * large.length;
  }
}
