package dev.perilune.query.filter;

import java.util.List;

/**
 * One value of a filter: its name in the JSON form, how its text is read, and what it may be.
 *
 * @param allowed the only texts it may be; empty for any
 */
public record FilterParameter(String name, Kind kind, List<String> allowed) {

  /** How the text of a value is read. */
  public enum Kind {
    SINGLE,
    MULTI,
    /** Several whole numbers. */
    MULTI_WHOLE,
    NUMBER,
    DATE;

    /** Whether it holds a list, whose texts clients encode twice. */
    boolean isMulti() {
      return this == MULTI || this == MULTI_WHOLE;
    }
  }

  public FilterParameter {
    allowed = List.copyOf(allowed);
  }

  static FilterParameter text(String name) {
    return new FilterParameter(name, Kind.SINGLE, List.of());
  }

  static FilterParameter oneOf(String name, String... allowed) {
    return new FilterParameter(name, Kind.SINGLE, List.of(allowed));
  }

  static FilterParameter many(String name, String... allowed) {
    return new FilterParameter(name, Kind.MULTI, List.of(allowed));
  }

  static FilterParameter manyWhole(String name) {
    return new FilterParameter(name, Kind.MULTI_WHOLE, List.of());
  }

  static FilterParameter operator() {
    return new FilterParameter("operator", Kind.SINGLE, NumberCondition.Operator.NAMES);
  }

  static FilterParameter number(String name) {
    return new FilterParameter(name, Kind.NUMBER, List.of());
  }

  static FilterParameter date(String name) {
    return new FilterParameter(name, Kind.DATE, List.of());
  }

  static FilterParameter side() {
    return oneOf("field", "input", "output");
  }
}
