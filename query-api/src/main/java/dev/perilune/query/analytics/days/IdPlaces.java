package dev.perilune.query.analytics.days;

import java.util.Arrays;

/** Gives each id a place: 0 to the first that comes, then 1, 2 and so on. */
final class IdPlaces {

  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final int NOTHING = -1;

  private long[] ids = new long[1 << 10];
  private int[] table = table(1 << 12);
  private int size;

  /** The place of that id, a new one if it has none yet. */
  int of(long id) {
    int at = slot(id);
    while (table[at] != NOTHING) {
      if (ids[table[at]] == id) {
        return table[at];
      }
      at = at + 1 & table.length - 1;
    }
    table[at] = size;
    ids[size++] = id;
    if (size == ids.length) {
      grow();
    }
    return size - 1;
  }

  long id(int place) {
    return ids[place];
  }

  int size() {
    return size;
  }

  // a quarter full at most, so that hardly any id meets another
  private void grow() {
    ids = Arrays.copyOf(ids, 2 * size);
    table = table(8 * size);
    for (int place = 0; place < size; place++) {
      int at = slot(ids[place]);
      while (table[at] != NOTHING) {
        at = at + 1 & table.length - 1;
      }
      table[at] = place;
    }
  }

  private int slot(long id) {
    return (int) (id * GOLDEN >>> 33 + Integer.numberOfLeadingZeros(table.length));
  }

  private static int[] table(int length) {
    int[] table = new int[length];
    Arrays.fill(table, NOTHING);
    return table;
  }
}
