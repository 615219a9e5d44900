package dev.perilune.query.analytics.days;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Reads numbers as Postgres' {@code numeric_send} writes them, one after the other: how many digits
 * of four decimal places there are, the place of the first, the sign, the scale to show, the
 * digits.
 */
final class Numerics {

  private static final int BASE = 10_000;

  /** Digits of which a long holds any. */
  private static final int MOST_OF_A_LONG = 4;

  private static final short POSITIVE = 0;
  private static final short NEGATIVE = 0x4000;

  private final ByteBuffer in;

  Numerics(byte[] sent) {
    this.in = ByteBuffer.wrap(sent);
  }

  /** The next number, which needs no more decimal places than it says. */
  BigDecimal next() {
    int digits = in.getShort();
    int places = 4 * (digits - 1 - in.getShort());
    boolean negative = isNegative(in.getShort());
    in.getShort();
    BigDecimal number =
        digits <= MOST_OF_A_LONG
            ? BigDecimal.valueOf(small(digits), places)
            : new BigDecimal(large(digits), places);
    return negative ? number.negate() : number;
  }

  /** A bit for each hour that the next number counts something for, in eight places each. */
  int nextHours() {
    int digits = in.getShort();
    int place = in.getShort();
    in.getInt();
    int hours = 0;
    for (int i = 0; i < digits; i++) {
      if (in.getShort() != 0) {
        hours |= 1 << (place - i) / 2;
      }
    }
    return hours;
  }

  private long small(int digits) {
    long number = 0;
    for (int i = 0; i < digits; i++) {
      number = number * BASE + in.getShort();
    }
    return number;
  }

  private BigInteger large(int digits) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < digits; i++) {
      number = number.multiply(BigInteger.valueOf(BASE)).add(BigInteger.valueOf(in.getShort()));
    }
    return number;
  }

  private static boolean isNegative(short sign) {
    if (sign != POSITIVE && sign != NEGATIVE) {
      throw new IllegalStateException("A figure is no number");
    }
    return sign == NEGATIVE;
  }
}
