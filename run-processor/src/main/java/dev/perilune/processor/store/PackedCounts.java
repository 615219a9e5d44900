package dev.perilune.processor.store;

import java.util.Map;
import java.util.TreeMap;

/**
 * Many counters in one decimal number, each with the same share of its places, so that the database
 * adds all of them with one addition. Counts may be negative: what goes up and what goes down are
 * two numbers, and the database takes one from the other.
 */
final class PackedCounts {
  private final int width;
  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  /** Takes the number of decimal places for each counter. */
  PackedCounts(int width) {
    this.width = width;
  }

  void add(int counter, long count) {
    counts.merge(counter, count, PackedCounts::sum);
  }

  void addAll(PackedCounts other) {
    other.counts.forEach(this::add);
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  /** What all counters have together. */
  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The digits of everything that is added. */
  String up() {
    return digits(1);
  }

  /** The digits of everything that is taken away. */
  String down() {
    return digits(-1);
  }

  private static Long sum(Long one, Long other) {
    long sum = one + other;
    return sum == 0 ? null : sum;
  }

  private String digits(int sign) {
    StringBuilder digits = new StringBuilder();
    int next = -1; // the counter whose places come next
    for (Map.Entry<Integer, Long> entry : counts.descendingMap().entrySet()) {
      if (entry.getValue() * sign > 0) {
        if (next >= 0) {
          digits.append("0".repeat(width * (next - entry.getKey())));
        }
        String count = Long.toString(Math.abs(entry.getValue()));
        digits.append("0".repeat(width - count.length())).append(count);
        next = entry.getKey() - 1;
      }
    }
    return digits.isEmpty() ? "0" : digits.append("0".repeat(width * (next + 1))).toString();
  }
}
