package dev.perilune.query.analytics.days;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * What users did in some stretch of time, a row each; of runs that are read by themselves, a row a
 * run. Never changes.
 */
public final class UserRows {

  /** Every hour of a UTC day. */
  public static final int ALL_DAY = (1 << 24) - 1;

  static final UserRows NONE =
      of(new Packed(0, new byte[0], new byte[0], new byte[0], new byte[0], new byte[0]));

  private static final int OVERHEAD_BYTES = 300;

  private final long[] users;
  private final long[] runs;
  private final Costs costs;
  private final int[] hours;
  private final int[] costedHours;

  /** The columns as the database sends them, each for all rows; numbers are big-endian. */
  record Packed(
      int rows, byte[] users, byte[] runs, byte[] costs, byte[] hours, byte[] costedHours) {}

  private UserRows(long[] users, long[] runs, Costs costs, int[] hours, int[] costedHours) {
    this.users = users;
    this.runs = runs;
    this.costs = costs;
    this.hours = hours;
    this.costedHours = costedHours;
  }

  static UserRows of(Packed packed) {
    return new UserRows(
        longs(packed.users()),
        longs(packed.runs()),
        Costs.read(packed.costs(), packed.rows()),
        hours(packed.hours(), packed.rows()),
        hours(packed.costedHours(), packed.rows()));
  }

  int size() {
    return users.length;
  }

  /** Internal id of the row's user. */
  long user(int row) {
    return users[row];
  }

  /** How many runs the row counts; less than none where they have to be taken away. */
  long runs(int row) {
    return runs[row];
  }

  Costs costs() {
    return costs;
  }

  /** Whether a run of the row began in one of these hours of the UTC day, a bit each. */
  boolean wasActive(int row, int anyOf) {
    return (hours[row] & anyOf) != 0;
  }

  /** Whether one with a known cost did. */
  boolean wasCosted(int row, int anyOf) {
    return (costedHours[row] & anyOf) != 0;
  }

  /** What it takes in memory, about. */
  int bytes() {
    return Math.toIntExact(OVERHEAD_BYTES + 24L * users.length + costs.bytes());
  }

  private static long[] longs(byte[] sent) {
    LongBuffer sentLongs = ByteBuffer.wrap(sent).asLongBuffer();
    long[] longs = new long[sentLongs.remaining()];
    sentLongs.get(longs);
    return longs;
  }

  private static int[] hours(byte[] sent, int rows) {
    Numerics numbers = new Numerics(sent);
    int[] hours = new int[rows];
    for (int i = 0; i < rows; i++) {
      hours[i] = numbers.nextHours();
    }
    return hours;
  }
}
