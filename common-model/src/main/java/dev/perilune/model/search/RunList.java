package dev.perilune.model.search;

import java.util.Arrays;

/** Numbers of runs within a segment, ascending; each once. */
public final class RunList {
  private int[] numbers = new int[4];
  private int size;

  /** The numbers in [from, to) of an array, which ascend. */
  public static RunList of(int[] ascending, int from, int to) {
    RunList list = new RunList();
    list.numbers = Arrays.copyOfRange(ascending, from, to);
    list.size = to - from;
    return list;
  }

  /** Adds a number that is not below the last one; the last one again changes nothing. */
  public void add(int number) {
    if (size > 0 && numbers[size - 1] == number) {
      return;
    }
    if (size > 0 && numbers[size - 1] > number) {
      throw new IllegalArgumentException(number + " comes after " + numbers[size - 1]);
    }
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(4, 2 * size));
    }
    numbers[size++] = number;
  }

  public int size() {
    return size;
  }

  public int get(int index) {
    return numbers[index];
  }

  /** A copy of the numbers. */
  public int[] toArray() {
    return Arrays.copyOf(numbers, size);
  }
}
