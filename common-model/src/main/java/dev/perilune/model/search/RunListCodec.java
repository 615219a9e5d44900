package dev.perilune.model.search;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Writes lists of runs in little more room than they need to have.
 *
 * <p>A list is its length and its gaps. Up to {@value #PLAIN} gaps are plain numbers, seven bits a
 * byte. More are Rice-coded: the lowest {@code k} bits of a gap as they are, the rest as that many
 * ones and a zero, where {@code k} follows from the mean gap. That fits a word in every second run
 * (a bit or two each) as well as one in ten thousand (some fourteen).
 */
final class RunListCodec {
  private static final int PLAIN = 3;

  private RunListCodec() {}

  static void write(RunList runs, ByteArrayOutputStream out) {
    number(runs.size(), out);
    if (runs.size() <= PLAIN) {
      for (int i = 0; i < runs.size(); i++) {
        number(gap(runs, i), out);
      }
      return;
    }
    int bits = bitsOf(runs);
    BitWriter writer = new BitWriter(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      writer.rice(gap(runs, i), bits);
    }
    out.write(bits);
    writer.writeTo(out);
  }

  private static int gap(RunList runs, int index) {
    return index == 0 ? runs.get(0) : runs.get(index) - runs.get(index - 1) - 1;
  }

  private static int bitsOf(RunList runs) {
    double mean = (double) (runs.get(runs.size() - 1) + 1) / runs.size();
    return Math.max(0, 31 - Integer.numberOfLeadingZeros(Math.max(1, (int) (mean * 0.69))));
  }

  private static void number(int number, ByteArrayOutputStream out) {
    int rest = number;
    while (rest >= 0x80) {
      out.write(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /** Reads lists one after the other. */
  static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    RunList next() {
      int size = number();
      RunList runs = new RunList();
      if (size <= PLAIN) {
        int last = -1;
        for (int i = 0; i < size; i++) {
          last += number() + 1;
          runs.add(last);
        }
        return runs;
      }
      int bits = bytes[at++];
      int end = number() + at;
      BitReader reader = new BitReader(bytes, at);
      int last = -1;
      for (int i = 0; i < size; i++) {
        last += reader.rice(bits) + 1;
        runs.add(last);
      }
      at = end;
      return runs;
    }

    void skip() {
      int size = number();
      if (size > PLAIN) {
        at++;
        int length = number();
        at += length;
        return;
      }
      for (int i = 0; i < size; i++) {
        number();
      }
    }

    private int number() {
      int number = 0;
      int shift = 0;
      int next;
      do {
        next = bytes[at++];
        number |= (next & 0x7F) << shift;
        shift += 7;
      } while (next < 0);
      return number;
    }
  }

  /** Gathers bits in a number, since each byte that is written takes the stream's lock. */
  private static final class BitWriter {
    private static final int MOST_ONES = 24;

    private byte[] bytes;
    private int size;
    private long current;
    private int used;

    BitWriter(int expectedBytes) {
      this.bytes = new byte[Math.max(16, expectedBytes)];
    }

    void rice(int value, int bits) {
      int ones = value >>> bits;
      for (; ones > MOST_ONES; ones -= MOST_ONES) {
        put((1L << MOST_ONES) - 1, MOST_ONES);
      }
      put((1L << ones + 1) - 2, ones + 1);
      put(value & (1L << bits) - 1, bits);
    }

    void writeTo(ByteArrayOutputStream out) {
      put(0, -used & 7);
      number(size, out);
      out.write(bytes, 0, size);
    }

    private void put(long value, int count) {
      current = current << count | value;
      used += count;
      while (used >= 8) {
        used -= 8;
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) (current >>> used);
      }
    }
  }

  private static final class BitReader {
    private final byte[] bytes;
    private int bitAt;

    BitReader(byte[] bytes, int from) {
      this.bytes = bytes;
      this.bitAt = from * 8;
    }

    int rice(int bits) {
      int value = 0;
      while (bit() == 1) {
        value++;
      }
      for (int place = 0; place < bits; place++) {
        value = value << 1 | bit();
      }
      return value;
    }

    private int bit() {
      int bit = bytes[bitAt >>> 3] >>> 7 - (bitAt & 7) & 1;
      bitAt++;
      return bit;
    }
  }
}
