package dev.perilune.query.filter;

import java.util.ArrayList;
import java.util.List;

/** Collects the values of a statement's arguments; what it hands out is only their numbers. */
final class SqlArguments {

  private final int first;
  private final List<Object> values = new ArrayList<>();

  SqlArguments(int first) {
    this.first = first;
  }

  /** The argument that stands for the value, as {@code $n}. */
  String add(Object value) {
    values.add(value);
    return "$" + (first + values.size() - 1);
  }

  List<Object> values() {
    return List.copyOf(values);
  }

  /** The text of that expression without regard to case. */
  static String folded(String sql) {
    return "folded(" + sql + ")";
  }

  /** The text without regard to case, made once for the whole statement. */
  String foldedOnce(String value) {
    return "(SELECT " + folded(add(value) + "::text") + ")";
  }
}
