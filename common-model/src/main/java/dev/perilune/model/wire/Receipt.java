package dev.perilune.model.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells where the events of one request are in {@link Topics#EVENTS}, so that the reading side can
 * say when all of them are visible and which of them went to the dead letters.
 *
 * <p>A receipt travels as a token that means nothing to clients: base64 (URL alphabet, no padding)
 * of a version byte, the number of events and, for each partition in ascending order, the distance
 * to the partition before, the number of spans and, for each span, the distance to the end of the
 * span before and the span's length; all but the version are variable-length integers.
 *
 * @param events how many events the request put there
 * @param spans partition to the offsets that the events got, ascending and apart; never empty
 */
public record Receipt(int events, SortedMap<Integer, List<Span>> spans) {
  private static final int VERSION = 2;
  private static final int LONGEST_TOKEN = 200_000;

  /** Copies what it is given. */
  public Receipt {
    if (spans.isEmpty() || events < 1) {
      throw new IllegalArgumentException("A receipt tells of one event at least");
    }
    SortedMap<Integer, List<Span>> copy = new TreeMap<>();
    spans.forEach((partition, offsets) -> copy.put(partition, checked(partition, offsets)));
    spans = Collections.unmodifiableSortedMap(copy);
  }

  /** Offsets that follow one another, both ends included. */
  public record Span(long first, long last) {
    public Span {
      if (first < 0 || last < first) {
        throw new IllegalArgumentException("Offsets start at 0 and ascend");
      }
    }
  }

  private static List<Span> checked(int partition, List<Span> offsets) {
    if (partition < 0 || offsets.isEmpty()) {
      throw new IllegalArgumentException("Partitions start at 0 and hold an event each");
    }
    for (int i = 1; i < offsets.size(); i++) {
      if (offsets.get(i).first() <= offsets.get(i - 1).last()) {
        throw new IllegalArgumentException("Spans ascend and do not meet");
      }
    }
    return List.copyOf(offsets);
  }

  /** Partition to the highest offset that an event of the request got. */
  public SortedMap<Integer, Long> lastOffsets() {
    SortedMap<Integer, Long> last = new TreeMap<>();
    spans.forEach((partition, of) -> last.put(partition, of.get(of.size() - 1).last()));
    return last;
  }

  /** Returns the form that clients carry. */
  public String token() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 + 10 * spans.size());
    bytes.write(VERSION);
    write(bytes, events);
    int previous = 0;
    for (Map.Entry<Integer, List<Span>> entry : spans.entrySet()) {
      write(bytes, entry.getKey() - previous);
      write(bytes, entry.getValue().size());
      previous = entry.getKey();
      long end = 0;
      for (Span span : entry.getValue()) {
        write(bytes, span.first() - end);
        write(bytes, span.last() - span.first());
        end = span.last();
      }
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
    int events = in.nextInt();
    SortedMap<Integer, List<Span>> spans = new TreeMap<>();
    long partition = 0;
    while (in.hasMore()) {
      partition += in.nextInt();
      if (partition > Integer.MAX_VALUE || spans.put((int) partition, spans(in)) != null) {
        throw new IllegalArgumentException("A receipt with an impossible partition");
      }
    }
    return new Receipt(events, spans);
  }

  private static List<Span> spans(Reader in) {
    int count = in.nextInt();
    List<Span> spans = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < count; i++) {
      long first = end + in.next();
      end = first + in.next();
      spans.add(new Span(first, end));
    }
    return spans;
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

    int nextInt() {
      long number = next();
      if (number > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("A receipt with an impossible number");
      }
      return (int) number;
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
