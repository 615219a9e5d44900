package dev.perilune.model.wire;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells where the events of one request are in {@link Topics#EVENTS}, so that the reading side can
 * say when all of them are visible.
 *
 * <p>A receipt travels as a token that means nothing to clients: base64 (URL alphabet, no padding)
 * of a version byte and, for each partition in ascending order, the distance to the partition
 * before and the offset, both as variable-length integers.
 *
 * @param lastOffsets partition to the highest offset that an event of the request got; never empty
 */
public record Receipt(SortedMap<Integer, Long> lastOffsets) {
  private static final int VERSION = 1;
  private static final int LONGEST_TOKEN = 200_000;

  /** Copies what it is given. */
  public Receipt {
    if (lastOffsets.isEmpty()) {
      throw new IllegalArgumentException("A receipt names at least one partition");
    }
    lastOffsets.forEach(Receipt::check);
    lastOffsets = Collections.unmodifiableSortedMap(new TreeMap<>(lastOffsets));
  }

  private static void check(int partition, long offset) {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException("Partitions and offsets start at 0");
    }
  }

  /** Returns the form that clients carry. */
  public String token() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 + 6 * lastOffsets.size());
    bytes.write(VERSION);
    int previous = 0;
    for (Map.Entry<Integer, Long> last : lastOffsets.entrySet()) {
      write(bytes, last.getKey() - previous);
      write(bytes, last.getValue());
      previous = last.getKey();
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads a token.
   *
   * @throws IllegalArgumentException if we never gave it out
   */
  public static Receipt parse(String token) {
    if (token.length() > LONGEST_TOKEN) {
      throw new IllegalArgumentException("A receipt is not that long");
    }
    Reader in = new Reader(Base64.getUrlDecoder().decode(token));
    if (in.next() != VERSION) {
      throw new IllegalArgumentException("A receipt of an unknown version");
    }
    SortedMap<Integer, Long> lastOffsets = new TreeMap<>();
    long partition = 0;
    while (in.hasMore()) {
      partition += in.next();
      long offset = in.next();
      if (partition > Integer.MAX_VALUE || lastOffsets.put((int) partition, offset) != null) {
        throw new IllegalArgumentException("A receipt with an impossible partition");
      }
    }
    return new Receipt(lastOffsets);
  }

  private static void write(ByteArrayOutputStream bytes, long number) {
    long rest = number;
    while (rest > 0x7F) {
      bytes.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  /** Variable-length integers, seven bits a byte, lowest first. */
  private static final class Reader {
    private static final int LARGEST_SHIFT = 56;

    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasMore() {
      return at < bytes.length;
    }

    long next() {
      long number = 0;
      for (int shift = 0; shift <= LARGEST_SHIFT; shift += 7) {
        if (!hasMore()) {
          throw new IllegalArgumentException("A receipt that ends early");
        }
        byte part = bytes[at++];
        number |= (part & 0x7FL) << shift;
        if (part >= 0) {
          return number;
        }
      }
      throw new IllegalArgumentException("A receipt with an impossible number");
    }
  }
}
